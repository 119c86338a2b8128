import { CodecError, formatQuantity, parseQuantity, type QuantityValue } from "@hollowfleet/wire";

const nanosPerMilli = 1_000_000n;

/** Undefined for what is no quantity: the decoder refuses that before. JSON may have numbers for them. */
export function readQuantity(value: unknown): QuantityValue | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  try {
    return parseQuantity(String(value));
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** The amount times 10^9; 0 for what is absent. */
export function nanosOf(value: unknown): bigint {
  return readQuantity(value)?.nanos ?? 0n;
}

/**
 * Brings the amounts of a ResourceList into their canonical form, rounded up to thousandths (core/v1/defaults.go,
 * SetDefaults_ResourceList).
 */
export function setResourceListDefaults(list: Record<string, unknown> | undefined | null): void {
  for (const name in list ?? {}) {
    const value = readQuantity(list?.[name]);
    if (value === undefined || list === undefined || list === null) continue;
    list[name] = formatQuantity({ nanos: roundUp(value.nanos), format: value.format });
  }
}

/** Away from zero. */
function roundUp(nanos: bigint): bigint {
  const rest = nanos % nanosPerMilli;
  if (rest === 0n) return nanos;
  return nanos - rest + (nanos > 0n ? nanosPerMilli : -nanosPerMilli);
}
