import { schemaFor } from "@hollowfleet/wire";
import { expect, test } from "vitest";
import type { KubeObject } from "../object.ts";
import { validateFields } from "./field-validation.ts";
import { readJson } from "./json-text.ts";

const schema = schemaFor("v1", "Pod") as NonNullable<ReturnType<typeof schemaFor>>;

const text = `{
  "apiVersion": "v1", "kind": "Pod", "extra": {"nested": 1},
  "metadata": {"name": "a", "name": "b", "labels": {"any": "label"}},
  "spec": {"containers": [{"name": "a"}, {"name": "b", "imagee": "x"}], "nodeSelector": {"any": "key"}}
}`;

function validate(body: string, fieldValidation?: "Ignore" | "Warn" | "Strict"): string[] {
  const warnings: string[] = [];
  const { value, duplicates } = readJson(new TextEncoder().encode(body));
  validateFields(value as KubeObject, duplicates, schema, {
    ...(fieldValidation && { fieldValidation }),
    warn: (warning) => void warnings.push(warning),
  });
  return warnings;
}

const faults = [
  'unknown field "extra"',
  'unknown field "spec.containers[1].imagee"',
  'duplicate field "metadata.name"',
];

test("warns of unknown and duplicate fields, by default too", () => {
  expect(validate(text, "Warn")).toEqual(faults);
  expect(validate(text)).toEqual(faults);
});

test("is strict in one message", () => {
  expect(() => validate(text, "Strict")).toThrowError(
    expect.objectContaining({
      code: "BadRequest",
      message: `Pod in version "v1" cannot be handled as a Pod: strict decoding error: ${faults.join(", ")}`,
    }),
  );
});

test("can be told to ignore them", () => {
  expect(validate(text, "Ignore")).toEqual([]);
});

test("takes what it knows, whatever its type", () => {
  const body = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":"x","volumes":[1,null]}}';
  expect(validate(body, "Strict")).toEqual([]);
});
