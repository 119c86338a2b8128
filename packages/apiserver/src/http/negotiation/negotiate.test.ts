import { describe, expect, it } from "vitest";
import { ApiError } from "../../api-error.ts";
import { bodyEncoding, negotiate, negotiateStatus } from "./negotiate.ts";

const protobuf = "application/vnd.kubernetes.protobuf";
/** What kubectl get sends. */
const kubectlAccept =
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

function chosen(accept: string | undefined): string {
  try {
    const { encoding, conversion } = negotiate({ accept, userAgent: undefined, pretty: undefined }, "object");
    return conversion === undefined ? encoding : `${encoding} ${conversion.kind} ${conversion.version}`;
  } catch (error) {
    if (error instanceof ApiError) return `${error.httpCode} ${error.message}`;
    throw error;
  }
}

const refused = `406 only the following media types are accepted: application/json, ${protobuf}`;

describe("negotiate", () => {
  it.each([
    [undefined, "json"],
    ["", "json"],
    ["*/*", "json"],
    ["application/*", "json"],
    [protobuf, "protobuf"],
    [`${protobuf},application/json`, "protobuf"],
    [`${protobuf};q=0.5, application/json`, "json"],
    [`application/json;q=0.1,*/*;q=0.5,${protobuf};q=0.9`, "protobuf"],
    [`*/*, ${protobuf}`, "protobuf"],
    ["text/html, application/json", "json"],
    ["application/json; charset=utf-8", "json"],
    [`${protobuf};stream=watch`, "protobuf"],
    [kubectlAccept, "json Table v1"],
    ["application/json;as=Table;g=meta.k8s.io;v=v1beta1", "json Table v1beta1"],
    [`${protobuf};as=Table;v=v1;g=meta.k8s.io,application/json`, "json"],
    [`${protobuf};as=PartialObjectMetadataList;v=v1;g=meta.k8s.io`, "protobuf PartialObjectMetadataList v1"],
    ["application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io", "json PartialObjectMetadata v1"],
    ["text/html", refused],
    ["application/yaml", refused],
    ["application/json;as=Table;v=v2;g=meta.k8s.io", refused],
    ["application/json;as=Chair;v=v1;g=meta.k8s.io", refused],
    ["application/json;stream=log", refused],
    [";;,/,q=1", refused],
  ])("answers %j with %s", (accept, expected) => {
    expect(chosen(accept)).toBe(expected);
  });

  it("never converts a Status, and falls back to JSON", () => {
    const status = (accept: string) => negotiateStatus({ accept, userAgent: undefined, pretty: undefined });
    expect(status(kubectlAccept)).toMatchObject({ encoding: "json", conversion: undefined });
    expect(status(protobuf)).toMatchObject({ encoding: "protobuf" });
    expect(status("image/png")).toMatchObject({ encoding: "json" });
  });

  it.each([
    ["curl/8.5.0", undefined, true],
    ["kubectl/v1.36.3", undefined, false],
    ["curl/8.5.0", "false", false],
    [undefined, "true", true],
  ])("writes for %s with pretty=%s: %s", (userAgent, pretty, expected) => {
    expect(negotiate({ accept: undefined, userAgent, pretty }, "object").pretty).toBe(expected);
  });
});

describe("bodyEncoding", () => {
  it.each([
    [undefined, "json"],
    ["application/json; charset=utf-8", "json"],
    [protobuf, "protobuf"],
    ["application/yaml", undefined],
    ["application/x-www-form-urlencoded", undefined],
  ])("reads %s as %s", (contentType, expected) => {
    expect(bodyEncoding(contentType)).toBe(expected);
  });
});
