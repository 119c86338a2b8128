import type { Random } from "@hollowfleet/core";

/** apiserver/pkg/storage/names/generate.go, apimachinery/pkg/util/rand/rand.go. */
const suffixLetters = "bcdfghjklmnpqrstvwxz2456789";
export const suffixLength = 5;

/** What a name that the server makes up ends with. */
export function nameSuffix(random: Random): string {
  let text = "";
  for (let i = 0; i < suffixLength; i++) text += suffixLetters.charAt(random.int(suffixLetters.length));
  return text;
}
