import type { IntOrString } from "./types.ts";

/**
 * A number, or "25%" of `total` (apimachinery, util/intstr GetScaledValueFromIntOrPercent).
 * @returns 0 for what is absent or no percentage
 */
export function scaled(value: IntOrString | undefined, total: number, round: "up" | "down"): number {
  if (value === undefined) return 0;
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(String(value))?.[1];
  if (percent === undefined) return 0;
  const share = (Number(percent) * total) / 100;
  return round === "up" ? Math.ceil(share) : Math.floor(share);
}
