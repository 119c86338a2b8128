import { describe, expect, it } from "vitest";
import { defaultPullPolicy, imageTag } from "./image-tag.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("imageTag", () => {
  it.each([
    ["app", "latest"],
    ["app:1", "1"],
    ["registry.example:5000/a/b", "latest"],
    ["registry.example:5000/a/b:v2", "v2"],
    ["localhost/app:latest", "latest"],
    [`app@${digest}`, ""],
    [`app:2@${digest}`, "2"],
    ["Upper", ""],
    ["a b", ""],
    ["", ""],
    ["0123456789abcdef".repeat(4), ""],
  ])("%s: %s", (image, tag) => {
    expect(imageTag(image)).toBe(tag);
  });

  it("pulls what may change", () => {
    expect(defaultPullPolicy("app")).toBe("Always");
    expect(defaultPullPolicy(`app@${digest}`)).toBe("IfNotPresent");
  });
});
