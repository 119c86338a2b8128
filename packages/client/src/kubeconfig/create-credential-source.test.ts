import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ManualClock } from "@hollowfleet/core";
import { describe, expect, test } from "vitest";
import type { AuthConfig, ExecPlugin } from "./connection-config.ts";
import { createCredentialSource } from "./create-credential-source.ts";
import { admin, folderWith, other, rejectionOf } from "./kubeconfig.testing.ts";

const adminPair = { certPem: admin.certPem, keyPem: admin.keyPem };
const bearer = (token: string) => [["authorization", `Bearer ${token}`]];

describe("fixed credentials", () => {
  test.each([
    [{ kind: "none" }, [], undefined],
    [{ kind: "cert", ...adminPair }, [], adminPair],
    [{ kind: "token", token: "t", certificate: adminPair }, bearer("t"), adminPair],
    [{ kind: "basic", username: "jürgen", password: "a:b" }, [["authorization", "Basic asO8cmdlbjphOmI="]], undefined],
  ] as [AuthConfig, unknown, unknown][])("%j", async (auth, headers, certificate) => {
    const source = createCredentialSource(auth);
    source.invalidate();
    expect(await source.headers()).toEqual(headers);
    expect(await source.tls()).toEqual(certificate);
  });
});

describe("a token file", () => {
  function open(first: string, token?: string) {
    const path = join(folderWith({ token: first }), "token");
    const clock = new ManualClock();
    const fallBack = token === undefined ? {} : { token };
    return { path, clock, source: createCredentialSource({ kind: "token-file", path, ...fallBack }, { clock }) };
  }

  test("is read again after a minute less ten seconds", async () => {
    const { path, clock, source } = open(" one\n");
    expect(await source.headers()).toEqual(bearer("one"));
    writeFileSync(path, "two");
    clock.advance(49_999);
    expect(await source.headers()).toEqual(bearer("one"));
    clock.advance(1);
    expect(await source.headers()).toEqual(bearer("two"));
    expect(await source.headers()).toBe(await source.headers());
  });

  test("is read again after a refusal, unless the refused token is not the current one", async () => {
    const { path, clock, source } = open("one");
    const first = await source.headers();
    writeFileSync(path, "two");
    source.invalidate(first);
    expect(await source.headers()).toEqual(bearer("two"));
    writeFileSync(path, "three");
    source.invalidate(first);
    expect(await source.headers()).toEqual(bearer("two"));
    clock.advance(60_000);
    expect(await source.headers()).toEqual(bearer("three"));
  });

  test("may vanish or be empty for a while: the last token stays", async () => {
    const { path, clock, source } = open("one");
    await source.headers();
    rmSync(path);
    clock.advance(60_000);
    expect(await source.headers()).toEqual(bearer("one"));
    writeFileSync(path, "");
    source.invalidate();
    expect(await source.headers()).toEqual(bearer("one"));
    writeFileSync(path, "two");
    expect(await source.headers()).toEqual(bearer("two"));
  });

  test("that never had a token falls back to the token beside it, or is an error", async () => {
    expect(await open("", "beside").source.headers()).toEqual(bearer("beside"));
    const { source, path } = open("");
    expect(await rejectionOf(source.headers())).toMatchObject({
      code: "bad-field",
      message: `${path}: the token file is empty`,
    });
    rmSync(path);
    expect(await rejectionOf(source.headers())).toMatchObject({ code: "file-unreadable", place: { file: path } });
  });
});

/** Prints what the file `answer` says, with `RUN` replaced by the number of this run, and notes what it was told. */
const script = `#!${process.execPath}
const fs = require("node:fs");
const at = (name) => require("node:path").join(__dirname, name);
const runs = fs.existsSync(at("runs")) ? Number(fs.readFileSync(at("runs"), "utf8")) + 1 : 1;
fs.writeFileSync(at("runs"), String(runs));
fs.writeFileSync(at("info"), process.env.KUBERNETES_EXEC_INFO);
fs.writeFileSync(at("seen"), JSON.stringify({ args: process.argv.slice(2), extra: process.env.EXTRA, path: !!process.env.PATH }));
fs.writeFileSync(at("pid"), String(process.pid));
if (process.env.HANG) setInterval(() => {}, 1000);
else if (process.env.FAIL) { process.stderr.write("please \\u001b[1mlog in\\n"); process.exitCode = 3; }
else process.stdout.write(fs.readFileSync(at("answer"), "utf8").replaceAll("RUN", String(runs)));
`;

const v1 = "client.authentication.k8s.io/v1";
const answer = (status: object, changes: object = {}) =>
  JSON.stringify({ apiVersion: v1, kind: "ExecCredential", status, ...changes });

function plugin(said: string, changes: Partial<ExecPlugin> = {}) {
  const folder = folderWith({ "login.cjs": script, answer: said });
  const command = join(folder, "login.cjs");
  chmodSync(command, 0o755);
  const clock = new ManualClock(Date.parse("2026-01-01T00:00:00Z"));
  const at = { file: "/config", field: "users[u].user.exec" };
  const auth = { command, args: [], env: [], apiVersion: v1, interactiveMode: "Never", ...at, ...changes } as const;
  return {
    clock,
    command,
    source: createCredentialSource({ kind: "exec", plugin: auth }, { clock, pluginTimeoutMs: 5000 }),
    runs: () => Number(readFileSync(join(folder, "runs"), "utf8")),
    read: (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")),
    answers: (text: string) => writeFileSync(join(folder, "answer"), text),
    started: async () => {
      for (let tries = 0; !existsSync(join(folder, "pid")) && tries < 1000; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return Number(readFileSync(join(folder, "pid"), "utf8"));
    },
  };
}

describe("an exec plugin", () => {
  test("is run once for all who ask at the same time, and kept while nothing speaks against it", async () => {
    const { source, runs, clock } = plugin(answer({ token: "token-RUN" }));
    const all = await Promise.all([source.headers(), source.tls(), source.headers()]);
    clock.advance(1e9);
    expect(all).toEqual([bearer("token-1"), undefined, bearer("token-1")]);
    expect(await source.headers()).toBe(all[0]);
    expect(runs()).toBe(1);
  });

  test("is run again once its credential has expired, not before", async () => {
    const { source, runs, clock, answers } = plugin(
      answer({ token: "token-RUN", expirationTimestamp: "2026-01-01T00:10:00Z" }),
    );
    await source.headers();
    clock.advance(600_000);
    expect(await source.headers()).toEqual(bearer("token-1"));
    answers(answer({ token: "token-RUN", expirationTimestamp: "2026-01-01T02:00:00+01:00" }));
    clock.advance(1);
    expect(await source.headers()).toEqual(bearer("token-2"));
    clock.advance(3_000_000 - 1);
    expect(await source.headers()).toEqual(bearer("token-2"));
    expect(runs()).toBe(2);
    clock.advance(1);
    expect(await source.headers()).toEqual(bearer("token-3"));
  });

  test("is run again after a refusal, once however many requests were refused", async () => {
    const { source, runs } = plugin(answer({ token: "token-RUN" }));
    const first = await source.headers();
    source.invalidate(first);
    expect(await source.headers()).toEqual(bearer("token-2"));
    source.invalidate(first);
    expect(await source.headers()).toEqual(bearer("token-2"));
    source.invalidate();
    expect(await source.headers()).toEqual(bearer("token-3"));
    expect(runs()).toBe(3);
  });

  test("may hand out a certificate, which is the same object until it changes", async () => {
    const pair = { clientCertificateData: admin.certPem, clientKeyData: admin.keyPem };
    const { source, answers } = plugin(answer(pair));
    const first = await source.tls();
    expect(first).toEqual(adminPair);
    expect(await source.headers()).toEqual([]);
    source.invalidate(first);
    expect(await source.tls()).toBe(first);
    answers(answer({ token: "too", clientCertificateData: other.certPem, clientKeyData: other.keyPem }));
    source.invalidate(first);
    expect(await source.tls()).toEqual({ certPem: other.certPem, keyPem: other.keyPem });
    expect(await source.headers()).toEqual(bearer("too"));
  });

  test("is told what it may do, and of the cluster if that was asked for", async () => {
    const cluster = { server: "https://a", "tls-server-name": "b", config: { audience: "x" } };
    const v1beta1 = "client.authentication.k8s.io/v1beta1";
    const { source, read } = plugin(answer({ token: "t" }, { apiVersion: v1beta1 }), {
      apiVersion: v1beta1,
      args: ["--one", "two words"],
      env: [{ name: "EXTRA", value: "1" }],
      cluster,
    });
    await source.headers();
    expect(read("info")).toEqual({
      kind: "ExecCredential",
      apiVersion: v1beta1,
      spec: { interactive: false, cluster },
    });
    expect(read("seen")).toEqual({ args: ["--one", "two words"], extra: "1", path: true });
  });

  test("that is missing is an error with its install hint", async () => {
    const installHint = "brew install login";
    const { source } = plugin("", { command: "hollow-no-such-plugin", installHint });
    expect(await rejectionOf(source.headers())).toMatchObject({
      code: "exec-missing",
      message: '/config: users[u].user.exec.command "hollow-no-such-plugin": this credential plugin is not installed',
      remedy: installHint,
    });
  });

  test("that cannot be started", async () => {
    const { source, command } = plugin("");
    chmodSync(command, 0o644);
    expect((await rejectionOf(source.headers())).code).toBe("exec-failed");
  });

  test("that fails: its own words are passed on, without their control characters", async () => {
    const { source, command } = plugin("", { env: [{ name: "FAIL", value: "1" }] });
    const fault = await rejectionOf(source.headers());
    expect(fault.code).toBe("exec-failed");
    expect(fault.message).toContain(JSON.stringify(command).slice(0, 100));
    expect(fault.message).toContain("ended with exit code 3: please U+001B[1mlog in");
  });

  test("that hangs is killed when its time is up, and the next call tries again", async () => {
    const { source, clock, started } = plugin("", { env: [{ name: "HANG", value: "1" }] });
    const fault = rejectionOf(source.headers());
    const pid = await started();
    clock.advance(5000);
    expect(await fault).toMatchObject({ code: "exec-timeout" });
    expect((await fault).message).toContain("did not end within 5 s and was killed");
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  test("that prints far too much is stopped", async () => {
    const { source } = plugin("x".repeat(2 ** 20 + 1));
    expect((await rejectionOf(source.headers())).code).toBe("exec-output");
  });

  const pair = { clientCertificateData: admin.certPem, clientKeyData: admin.keyPem };
  test.each([
    ["s3cret, and no JSON: [", "its output: is not YAML"],
    ["s3cret", "its output: is a string, not a mapping"],
    [answer({ token: "t" }, { kind: "Pod" }), 'kind "Pod": is not ExecCredential'],
    [answer({ token: "t" }, { apiVersion: "client.authentication.k8s.io/v1beta1" }), `is not ${v1}`],
    [answer({}, { status: undefined }), "status: is missing"],
    [answer({}), "status: has neither a token nor a certificate"],
    [answer({ token: 7 }), "status.token: is a number, not a string"],
    [answer({ token: "s3cret token" }), "status.token: has characters that no token has"],
    [answer({ token: "t", expirationTimestamp: "soon" }), 'status.expirationTimestamp "soon": is not a time'],
    [answer({ clientKeyData: "x" }), "status.clientCertificateData: is missing beside clientKeyData"],
    [answer({ clientCertificateData: "x" }), "status.clientKeyData: is missing beside clientCertificateData"],
    [answer({ ...pair, clientKeyData: other.keyPem }), "status.clientKeyData: does not fit the certificate"],
  ])("that prints %.60s", async (said, problem) => {
    const { source } = plugin(said);
    const fault = await rejectionOf(source.headers());
    expect(fault.code).toBe("exec-output");
    expect(fault.message).toContain(problem);
    expect(fault.message).not.toContain("s3cret");
  });

  test("that must ask questions needs a terminal; one that may is told whether there is one", async () => {
    const auth = (interactiveMode: "Always" | "IfAvailable") =>
      ({
        kind: "exec",
        plugin: { command: "x", args: [], env: [], apiVersion: v1, interactiveMode, file: "f", field: "e" },
      }) as const;
    const told: unknown[] = [];
    const options = (terminal: boolean) => ({
      stdinIsTerminal: () => terminal,
      run: ({ env, interactive }: { env: Readonly<Record<string, string>>; interactive: boolean }) => {
        told.push([interactive, JSON.parse(env["KUBERNETES_EXEC_INFO"] ?? "").spec.interactive]);
        return Promise.resolve({ kind: "exited", exitCode: 0, stdout: answer({ token: "t" }), stderr: "" } as const);
      },
    });
    const refused = createCredentialSource(auth("Always"), options(false)).headers();
    expect((await rejectionOf(refused)).code).toBe("exec-interactive");
    await createCredentialSource(auth("Always"), options(true)).headers();
    await createCredentialSource(auth("IfAvailable"), options(true)).headers();
    await createCredentialSource(auth("IfAvailable"), options(false)).headers();
    expect(told).toEqual([
      [true, true],
      [true, true],
      [false, false],
    ]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
