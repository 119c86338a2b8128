import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApiError } from "../api-error.ts";
import type { KubeList } from "../object.ts";
import type { ListOptions } from "./api.ts";
import { decodeContinue, encodeContinue } from "./continue-token.ts";
import { configMapOf, infoOf, makeApi, podOf, refusal, type TestApi } from "./testing/test-api.ts";

function list(test: TestApi, options: ListOptions = {}, key = "configmaps", path = "default/"): KubeList {
  return test.api.list(infoOf("list", key, path), options);
}

function names({ items }: KubeList): string[] {
  return items.map(({ metadata }) => metadata.name ?? "");
}

function withConfigMaps(...all: string[]): TestApi {
  const test = makeApi();
  for (const name of all) test.create("configmaps", configMapOf(name, { labels: { name } }));
  return test;
}

describe("list", () => {
  it("gives the latest state with the server's revision", () => {
    const test = withConfigMaps("b", "a");
    test.create("pods", podOf("p"));
    expect(list(test)).toMatchObject({ resourceVersion: "4" });
    expect(names(list(test))).toEqual(["a", "b"]);
    expect(names(list(test, {}, "configmaps", "other/"))).toEqual([]);
    expect(names(list(test, {}, "configmaps", "/"))).toEqual(["a", "b"]);
  });

  it("selects by labels and fields", () => {
    const test = withConfigMaps("a", "b", "c");
    expect(names(list(test, { labelSelector: "name in (a,c)" }))).toEqual(["a", "c"]);
    expect(names(list(test, { fieldSelector: "metadata.name=b" }))).toEqual(["b"]);
    expect(names(list(test, { fieldSelector: "metadata.name!=b", labelSelector: "name!=c" }))).toEqual(["a"]);
    expect(names(list(test, { fieldSelector: "metadata.namespace=other" }, "configmaps", "/"))).toEqual([]);
  });

  it("knows the fields of a kind, and says of others that it does not", () => {
    const test = makeApi();
    test.create("pods", podOf("p", { nodeName: "n" }));
    test.create("pods", podOf("q", { hostNetwork: true }));
    const pods = (fieldSelector: string) => names(list(test, { fieldSelector }, "pods"));
    expect(pods("spec.nodeName=n")).toEqual(["p"]);
    expect(pods("spec.host=n")).toEqual(["p"]);
    expect(pods("spec.nodeName=")).toEqual(["q"]);
    expect(pods("status.phase=Pending,spec.hostNetwork=true")).toEqual(["q"]);
    const error = (key: string, fieldSelector: string) => refusal(() => list(test, { fieldSelector }, key)).message;
    expect(error("pods", "spec.color=red")).toBe("field label not supported: spec.color");
    expect(error("configmaps", "data=x")).toBe(
      '"data" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    expect(error("jobs.batch", "x=y")).toBe('field label "x" not supported for Job');
    expect(error("nodes", "metadata.namespace=x")).toBe("field label not supported: metadata.namespace");
  });

  it("refuses selectors that it can't read", () => {
    const test = makeApi();
    expect(refusal(() => list(test, { labelSelector: "a in b" })).code).toBe("BadRequest");
    expect(refusal(() => list(test, { fieldSelector: "a" })).message).toBe(
      "invalid selector: 'a'; can't understand 'a'",
    );
  });
});

describe("whatever is asked", () => {
  it("is answered or refused with a Status, and changes nothing", () => {
    const test = withConfigMaps("a", "b");
    const text = fc.option(fc.oneof(fc.string(), fc.constantFrom("0", "2", "-1", "1e3", "Exact", "NotOlderThan")), {
      nil: undefined,
    });
    const query = fc.record(
      {
        labelSelector: text,
        fieldSelector: text,
        resourceVersion: text,
        resourceVersionMatch: text,
        continue: text,
        limit: fc.integer(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(query, (options) => {
        const given = JSON.parse(JSON.stringify(options)) as ListOptions;
        const sink = { event: () => true, end: () => {} };
        const calls = [
          () => test.api.list(infoOf("list", "configmaps", "default/"), given),
          () => test.api.watch(infoOf("watch", "configmaps", "default/"), given, sink).stop(),
          () => test.api.get(infoOf("get", "configmaps", "default/a"), given),
        ];
        for (const call of calls) {
          try {
            call();
          } catch (error) {
            expect(error).toBeInstanceOf(ApiError);
          }
        }
        expect(test.store.revision).toBe(3);
      }),
    );
  });
});

describe("pods of a node", () => {
  it("are found as any selection is, through all changes", () => {
    const step = fc.record({
      kind: fc.constantFrom("create", "bind", "delete"),
      namespace: fc.constantFrom("x", "y"),
      name: fc.constantFrom("a", "b", "c"),
      node: fc.constantFrom("n", "m"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(30), (steps, askAt) => {
        const test = makeApi();
        const { resource } = infoOf("get", "pods");
        const ask = (node: string, namespace: string) =>
          test.api.list(infoOf("list", "pods", `${namespace}/`), { fieldSelector: `spec.nodeName=${node}` }).items;
        for (const [i, { kind, namespace, name, node }] of steps.entries()) {
          if (i === askAt) ask("n", "");
          const pod = test.store.get(resource, namespace, name);
          if (kind === "create" && pod === undefined) test.create("pods", podOf(name, {}, { namespace }));
          else if (kind === "delete" && pod !== undefined) test.store.delete(resource, namespace, name);
          else if (kind === "bind" && pod !== undefined) {
            test.store.update(resource, { ...pod, metadata: { ...pod.metadata }, spec: { nodeName: node } });
          }
        }
        for (const namespace of ["", "x"]) {
          const all = test.store.list(resource, namespace);
          const of = (node?: string) => all.filter((pod) => (pod["spec"] as { nodeName?: string }).nodeName === node);
          expect([ask("n", namespace), ask("m", namespace), ask("", namespace)]).toEqual([of("n"), of("m"), of()]);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("pages", () => {
  it("go on in the state of the first one", () => {
    const test = withConfigMaps("a", "b", "c", "d", "e");
    const first = list(test, { limit: 2 });
    expect(first).toMatchObject({ resourceVersion: "6", remainingItemCount: 3 });
    test.create("configmaps", configMapOf("bb"));
    test.api.delete(infoOf("delete", "configmaps", "default/d"), {});
    const second = list(test, { limit: 2, continue: first.continue! });
    expect(names(second)).toEqual(["c", "d"]);
    expect(second).toMatchObject({ resourceVersion: "6", remainingItemCount: 1 });
    const third = list(test, { limit: 2, continue: second.continue! });
    expect(names(third)).toEqual(["e"]);
    expect(third).not.toHaveProperty("continue");
  });

  it("do not tell how many are left of what is selected", () => {
    const test = withConfigMaps("a", "b", "c");
    const first = list(test, { limit: 1, labelSelector: "name" });
    expect(first.continue).toBeDefined();
    expect(first).not.toHaveProperty("remainingItemCount");
  });

  it("across namespaces go on after the namespace and the name", () => {
    const test = makeApi();
    for (const namespace of ["x", "y"])
      for (const name of ["a", "b"]) test.create("configmaps", configMapOf(name, { namespace }));
    const first = list(test, { limit: 3 }, "configmaps", "/");
    expect(JSON.parse(Buffer.from(first.continue!, "base64url").toString())).toEqual({
      v: "meta.k8s.io/v1",
      rv: 5,
      start: "y/a\u0000",
    });
    expect(names(list(test, { limit: 3, continue: first.continue! }, "configmaps", "/"))).toEqual(["b"]);
  });

  it("that come too late are Expired, with a token to go on with what is now", () => {
    const test = withConfigMaps("a", "b", "c");
    const first = list(test, { limit: 1 });
    test.create("configmaps", configMapOf("bb"));
    test.store.compact();
    const error = refusal(() => list(test, { continue: first.continue! }));
    expect(error.status()).toMatchObject({ code: 410, reason: "Expired" });
    expect(error.message).toMatch(/^The provided continue parameter is too old to display a consistent list result\./);
    expect(names(list(test, { continue: error.status().metadata.continue! }))).toEqual(["b", "bb", "c"]);
  });

  it("of any size make up the whole list", () => {
    const all = ["a", "b", "c", "d", "e", "f", "g"];
    const test = withConfigMaps(...all);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (limit) => {
        const found: string[] = [];
        let token: string | undefined = "";
        while (token !== undefined) {
          const page = list(test, { limit, continue: token });
          found.push(...names(page));
          token = page.continue;
        }
        expect(found).toEqual(all);
      }),
    );
  });
});

describe("resourceVersion", () => {
  it("0 ignores the limit, as the watch cache does", () => {
    const test = withConfigMaps("a", "b");
    expect(names(list(test, { resourceVersion: "0", limit: 1 }))).toEqual(["a", "b"]);
  });

  it("means at least that new without a limit, exactly it with one or with Exact", () => {
    const test = withConfigMaps("a", "b", "c");
    expect(names(list(test, { resourceVersion: "2" }))).toEqual(["a", "b", "c"]);
    expect(list(test, { resourceVersion: "3", limit: 5 })).toMatchObject({
      resourceVersion: "3",
      items: { length: 2 },
    });
    expect(names(list(test, { resourceVersion: "2", resourceVersionMatch: "Exact" }))).toEqual(["a"]);
    expect(names(list(test, { resourceVersion: "2", resourceVersionMatch: "NotOlderThan", limit: 2 }))).toEqual([
      "a",
      "b",
    ]);
  });

  it("that is not there yet is a timeout, one that is gone is Expired", () => {
    const test = withConfigMaps("a");
    expect(refusal(() => list(test, { resourceVersion: "99" })).status()).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "Timeout: Too large resource version: 99, current: 2",
      reason: "Timeout",
      details: {
        causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
        retryAfterSeconds: 1,
      },
      code: 504,
    });
    test.store.compact();
    const old = { resourceVersion: "1", resourceVersionMatch: "Exact" };
    expect(refusal(() => list(test, old)).message).toBe("The resourceVersion for the provided list is too old.");
  });

  it("that is no number is a bad request of a list, and an unexpected error of a get", () => {
    const test = withConfigMaps("a");
    expect(refusal(() => list(test, { resourceVersion: "x" })).message).toBe(
      'invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
    );
    const error = refusal(() => test.api.get(infoOf("get", "configmaps", "default/a"), { resourceVersion: "x" }));
    expect(error.httpCode).toBe(500);
  });

  const wrong: readonly (readonly [ListOptions, string])[] = [
    [{ resourceVersionMatch: "Exact" }, "resourceVersionMatch is forbidden unless resourceVersion is provided"],
    [
      { resourceVersionMatch: "Exact", resourceVersion: "0" },
      'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    [{ resourceVersionMatch: "Best", resourceVersion: "1" }, 'supported values: "Exact", "NotOlderThan", ""'],
    [
      { resourceVersionMatch: "NotOlderThan", resourceVersion: "1", continue: "x" },
      "forbidden when continue is provided",
    ],
    [{ sendInitialEvents: true }, "sendInitialEvents is forbidden for list"],
  ];
  it.each(wrong)("is refused in %j", (options, text) => {
    const error = refusal(() => list(makeApi(), options));
    expect(error.httpCode).toBe(422);
    expect(error.message).toMatch(/^ListOptions\.meta\.k8s\.io "" is invalid: /);
    expect(error.message).toContain(text);
  });
});

describe("continue tokens", () => {
  it("come back as they were made", () => {
    const key = fc.stringMatching(/^[a-z0-9.-]{1,20}$/).filter((text) => text !== "." && text !== "..");
    fc.assert(
      fc.property(fc.integer({ min: 1 }), key, key, (revision, namespace, name) => {
        const token = { revision, after: `${namespace}/${name}` };
        expect(decodeContinue(encodeContinue(token))).toEqual(token);
      }),
    );
  });

  it("that are none of ours are bad requests, whatever they are", () => {
    const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const start = "a\u0000";
    for (const text of [
      "!",
      "e30",
      token({ v: "v2", rv: 1, start }),
      token({ v: "meta.k8s.io/v1", rv: 0, start }),
      token({ v: "meta.k8s.io/v1", rv: 1, start: "../x" }),
    ]) {
      expect(refusal(() => decodeContinue(text)).message).toMatch(/^invalid continue token: continue key is not valid/);
    }
    fc.assert(fc.property(fc.string(), (text) => void (text === "" || refusal(() => decodeContinue(text)))));
  });

  it("exclude a resourceVersion", () => {
    const test = withConfigMaps("a", "b");
    const options = { continue: list(test, { limit: 1 }).continue!, resourceVersion: "2" };
    expect(refusal(() => list(test, options)).message).toBe(
      "specifying resource version is not allowed when using continue",
    );
  });
});
