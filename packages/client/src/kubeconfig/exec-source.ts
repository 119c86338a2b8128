import { isatty } from "node:tty";
import type { Clock } from "@hollowfleet/core";
import type { HeaderList } from "../client-context.ts";
import type { ClientCertificate, ExecPlugin } from "./connection-config.ts";
import type { CredentialSource } from "./credential-source.ts";
import { type ExecCredential, execInfo, parseExecCredential } from "./exec-credential.ts";
import { KubeconfigError, printable } from "./kubeconfig-error.ts";
import type { PluginEnd, RunPlugin } from "./run-plugin.ts";

export interface ExecSourceOptions {
  readonly clock: Clock;
  readonly run: RunPlugin;
  readonly pluginTimeoutMs: number;
  readonly stdinIsTerminal: (() => boolean) | undefined;
}

interface Issued {
  readonly headers: HeaderList;
  readonly certificate: ClientCertificate | undefined;
  readonly expiresMs: number | undefined;
}

/** Credentials from an exec plugin: kept until they expire or are refused; one run at a time, whoever asks. */
export class ExecSource implements CredentialSource {
  readonly #plugin: ExecPlugin;
  readonly #options: ExecSourceOptions;
  #issued: Issued | undefined;
  #lastCertificate: ClientCertificate | undefined;
  #pending: Promise<Issued> | undefined;

  constructor(plugin: ExecPlugin, options: ExecSourceOptions) {
    this.#plugin = plugin;
    this.#options = options;
  }

  async headers(): Promise<HeaderList> {
    return (await this.#current()).headers;
  }

  async tls(): Promise<ClientCertificate | undefined> {
    return (await this.#current()).certificate;
  }

  invalidate(used?: HeaderList | ClientCertificate): void {
    const { headers, certificate } = this.#issued ?? {};
    if (used === undefined || used === headers || used === certificate) this.#issued = undefined;
  }

  #current(): Promise<Issued> {
    const issued = this.#issued;
    if (issued !== undefined && !this.#isExpired(issued)) return Promise.resolve(issued);
    this.#pending ??= this.#refresh().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  #isExpired({ expiresMs }: Issued): boolean {
    return expiresMs !== undefined && this.#options.clock.nowMs() > expiresMs;
  }

  async #refresh(): Promise<Issued> {
    const { token, certificate, expiresMs } = await this.#runPlugin();
    const issued: Issued = {
      headers: token === undefined ? [] : [["authorization", `Bearer ${token}`]],
      certificate: this.#sameOr(certificate),
      expiresMs,
    };
    this.#lastCertificate = issued.certificate;
    this.#issued = issued;
    return issued;
  }

  /** The object stays the same while the certificate does, so that a caller sees by identity that it must reconnect. */
  #sameOr(certificate: ClientCertificate | undefined): ClientCertificate | undefined {
    const last = this.#lastCertificate;
    return last?.certPem === certificate?.certPem && last?.keyPem === certificate?.keyPem ? last : certificate;
  }

  async #runPlugin(): Promise<ExecCredential> {
    const plugin = this.#plugin;
    const { clock, pluginTimeoutMs } = this.#options;
    const interactive = this.#mayInteract();
    const abort = new AbortController();
    const timer = clock.setTimer(pluginTimeoutMs, () => abort.abort());
    const env = Object.fromEntries(plugin.env.map(({ name, value }) => [name, value]));
    const run = {
      command: plugin.command,
      args: plugin.args,
      env: { ...env, KUBERNETES_EXEC_INFO: execInfo(plugin, interactive) },
      interactive,
    };
    const end = await this.#options.run(run, abort.signal).finally(() => timer.cancel());
    if (end.kind === "exited" && end.exitCode === 0) return parseExecCredential(end.stdout, plugin);
    throw this.#failure(end);
  }

  #mayInteract(): boolean {
    const mode = this.#plugin.interactiveMode;
    if (mode === "Never") return false;
    const isTerminal = (this.#options.stdinIsTerminal ?? (() => isatty(0)))();
    if (mode === "IfAvailable" || isTerminal) return isTerminal;
    const place = { file: this.#plugin.file, field: `${this.#plugin.field}.interactiveMode`, value: mode };
    throw new KubeconfigError(
      "exec-interactive",
      place,
      "the plugin asks questions and standard input is not a terminal",
      {
        remedy: "Run this from a terminal, or use a plugin or a token that needs no answers.",
      },
    );
  }

  #failure(end: PluginEnd): KubeconfigError {
    const { file, field, command, installHint } = this.#plugin;
    const place = { file, field: `${field}.command`, value: command };
    const byHand = {
      remedy: "Run the command by hand to see why, and log in with its vendor's tool if it asks for it.",
    };
    switch (end.kind) {
      case "not-found":
        return new KubeconfigError("exec-missing", place, "this credential plugin is not installed", {
          remedy: installHint ?? "Install it, or put its folder into PATH.",
        });
      case "not-started":
        return new KubeconfigError("exec-failed", place, "cannot be started", {
          remedy: "Make the file executable for this user.",
          cause: end.cause,
        });
      case "aborted":
        return new KubeconfigError(
          "exec-timeout",
          place,
          `did not end within ${this.#options.pluginTimeoutMs / 1000} s and was killed`,
          byHand,
        );
      case "too-long":
        return new KubeconfigError("exec-output", place, `printed more than ${end.limitBytes} bytes`, byHand);
      case "killed":
        return new KubeconfigError("exec-failed", place, `was ended by ${end.signal}`, byHand);
      case "exited": {
        const said = end.stderr.trim() === "" ? "" : `: ${printable(end.stderr.trim())}`;
        return new KubeconfigError("exec-failed", place, `ended with exit code ${end.exitCode}${said}`, byHand);
      }
    }
  }
}
