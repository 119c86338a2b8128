/** What an element is told by: itself if it is a scalar, else the value of its merge key. */
export type KeyOf = (element: unknown) => unknown;

/**
 * The order of a merged list (apimachinery, pkg/util/strategicpatch/patch.go, normalizeElementOrder): what the patch names in
 * the patch's order, what only the server has in the server's, and both put into each other so that neither order breaks.
 * An element that the server did not know goes before those it did.
 */
export function orderElements(
  merged: readonly unknown[],
  patchOrder: readonly unknown[],
  serverOrder: readonly unknown[],
  keyOf: KeyOf,
): unknown[] {
  const patchPlaces = placesOf(patchOrder, keyOf);
  const serverPlaces = placesOf(serverOrder, keyOf);
  const fromPatch = merged.filter((element) => patchPlaces.has(keyOf(element)));
  const serverOnly = merged.filter((element) => !patchPlaces.has(keyOf(element)));
  return interleave(
    sortLike(serverOnly, serverPlaces, keyOf),
    sortLike(fromPatch, patchPlaces, keyOf),
    serverPlaces,
    keyOf,
  );
}

type Places = ReadonlyMap<unknown, number>;

/** Where each key stands first. */
function placesOf(order: readonly unknown[], keyOf: KeyOf): Places {
  const places = new Map<unknown, number>();
  for (const [i, element] of order.entries()) if (!places.has(keyOf(element))) places.set(keyOf(element), i);
  return places;
}

/** Up to here Go's stable sort is an insertion sort (sort/zsortfunc.go, stable_func). */
const insertionSortMax = 20;

function sortLike(elements: readonly unknown[], places: Places, keyOf: KeyOf): unknown[] {
  const sorted = [...elements];
  const placeOf = (element: unknown) => places.get(keyOf(element));
  if (sorted.every((element) => placeOf(element) !== undefined)) {
    return sorted.sort((a, b) => (placeOf(a) ?? 0) - (placeOf(b) ?? 0));
  }
  if (sorted.length > insertionSortMax) return sorted;
  // An element without a place is less than any other and any other is less than it: no order at all, so that the steps of
  // Go's sort decide.
  for (let i = 1; i < sorted.length; i++) {
    for (let j = i; j > 0 && isLess(placeOf(sorted[j]), placeOf(sorted[j - 1])); j--) {
      [sorted[j], sorted[j - 1]] = [sorted[j - 1], sorted[j]];
    }
  }
  return sorted;
}

function isLess(a: number | undefined, b: number | undefined): boolean {
  return a === undefined || b === undefined || a < b;
}

function interleave(left: readonly unknown[], right: readonly unknown[], places: Places, keyOf: KeyOf): unknown[] {
  const all: unknown[] = [];
  let i = 0;
  for (const element of right) {
    const place = places.get(keyOf(element));
    for (; i < left.length; i++) {
      const leftPlace = places.get(keyOf(left[i]));
      if (place === undefined || leftPlace === undefined || leftPlace >= place) break;
      all.push(left[i]);
    }
    all.push(element);
  }
  return [...all, ...left.slice(i)];
}
