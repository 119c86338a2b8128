import { describe, expect, it } from "vitest";
import { ControlPlaneError } from "./control-plane-error.ts";
import { checkServerVersion, parseServerVersion } from "./server-version.ts";

describe("parseServerVersion", () => {
  it.each([
    ["v1.36.3", 36],
    ["v1.33.9-eks-4f7a9c1", 33],
    ["v1.35.1-gke.1200+abc", 35],
  ])("reads %s", (gitVersion, minor) => {
    expect(parseServerVersion({ major: "1", minor: "33+", gitVersion })).toEqual({ major: 1, minor, gitVersion });
  });

  it.each([[undefined], [{}], [{ gitVersion: "unknown" }], ["Forbidden"]])("refuses %j", (body) => {
    expect(() => parseServerVersion(body)).toThrow(ControlPlaneError);
  });
});

describe("checkServerVersion", () => {
  it("takes 1.33 to 1.36", () => {
    const accepted = [31, 32, 33, 34, 35, 36, 37].filter((minor) => {
      try {
        checkServerVersion({ major: 1, minor, gitVersion: `v1.${minor}.0` });
        return true;
      } catch {
        return false;
      }
    });
    expect(accepted).toEqual([33, 34, 35, 36]);
    expect(() => checkServerVersion({ major: 2, minor: 34, gitVersion: "v2.34.0" })).toThrow(ControlPlaneError);
  });
});
