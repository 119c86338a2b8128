import fc from "fast-check";
import { expect, test } from "vitest";
import { type Kubeconfig, type KubeconfigContext, mergeKubeconfigs } from "./kubeconfig.ts";

const name = fc.constantFrom("a", "b", "c", "__proto__", "");
const entry: fc.Arbitrary<KubeconfigContext> = fc.record({
  file: fc.constantFrom("/one", "/two", "/three"),
  cluster: fc.option(name, { nil: undefined }),
  user: fc.option(name, { nil: undefined }),
  namespace: fc.option(name, { nil: undefined }),
});
const entries = fc.array(fc.tuple(name, entry), { maxLength: 4 }).map((pairs) => new Map(pairs));

/** The three lists are merged alike, so entries of one kind stand for all. */
const kubeconfig: fc.Arbitrary<Kubeconfig> = fc.record({
  files: fc.array(fc.constantFrom("/one", "/two"), { maxLength: 2 }),
  missingFiles: fc.array(fc.constantFrom("/no", "/nay"), { maxLength: 2 }),
  currentContext: fc.option(name, { nil: undefined }),
  clusters: entries as unknown as fc.Arbitrary<Kubeconfig["clusters"]>,
  users: entries as unknown as fc.Arbitrary<Kubeconfig["users"]>,
  contexts: entries,
});

test("merging is associative and an empty file changes nothing", () => {
  fc.assert(
    fc.property(kubeconfig, kubeconfig, kubeconfig, (one, two, three) => {
      const flat = mergeKubeconfigs([one, two, three]);
      expect(mergeKubeconfigs([mergeKubeconfigs([one, two]), three])).toEqual(flat);
      expect(mergeKubeconfigs([one, mergeKubeconfigs([two, three])])).toEqual(flat);
      expect(mergeKubeconfigs([mergeKubeconfigs([]), one, mergeKubeconfigs([])])).toEqual(one);
    }),
  );
});

test("the first file that names an entry has it whole, and every entry is kept", () => {
  fc.assert(
    fc.property(fc.array(kubeconfig, { maxLength: 4 }), (files) => {
      const merged = mergeKubeconfigs(files);
      for (const list of ["clusters", "users", "contexts"] as const) {
        const names = new Set(files.flatMap((file) => [...file[list].keys()]));
        expect(new Set(merged[list].keys())).toEqual(names);
        for (const each of names) {
          expect(merged[list].get(each)).toBe(files.find((file) => file[list].has(each))?.[list].get(each));
        }
      }
      expect(merged.currentContext).toBe(files.map((file) => file.currentContext).find((each) => each !== undefined));
    }),
  );
});
