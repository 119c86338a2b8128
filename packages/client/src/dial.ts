import { connect as connectTcp, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { Clock, Timer } from "@hollowfleet/core";
import type { ClientError } from "./client-error.ts";
import type { ConnectOptions, ServerAddress } from "./connect-options.ts";
import { connectError, connectTimeout, notHttp2 } from "./node-error.ts";
import { secureContextFor, type TlsIdentity } from "./tls-context.ts";

/** A connection attempt under way. */
export interface Dialing {
  /** Gives it up; `done` is not called any more. */
  abort(): void;
}

export type DialDone = (error: ClientError | undefined, socket: Socket | undefined) => void;

const keepAliveMs = 30_000;

/** Opens one connection and, over https, shakes hands for HTTP/2. Calls `done` once, never in the same turn. */
export function dial(server: ServerAddress, options: ConnectOptions, clock: Clock, done: DialDone): Dialing {
  const attempt = new Attempt(server, options, clock, done);
  attempt.begin();
  return attempt;
}

class Attempt implements Dialing {
  readonly #server: ServerAddress;
  readonly #options: ConnectOptions;
  readonly #clock: Clock;
  readonly #done: DialDone;
  #socket: Socket | undefined;
  #timer: Timer | undefined;
  #over = false;

  constructor(server: ServerAddress, options: ConnectOptions, clock: Clock, done: DialDone) {
    this.#server = server;
    this.#options = options;
    this.#clock = clock;
    this.#done = done;
  }

  begin(): void {
    const { clientCertificate, dialSocket } = this.#options;
    this.#limit("dialing", this.#options.dialTimeoutMs ?? 30_000);
    if (clientCertificate === undefined && dialSocket === undefined) this.#connect(this.#options, undefined);
    else this.#prepare().catch((error: unknown) => this.#fail(connectError(error, this.#server)));
  }

  /** Gets what has to be waited for before the handshake. */
  async #prepare(): Promise<void> {
    const { clientCertificate, dialSocket } = this.#options;
    const certificate = await clientCertificate?.();
    const socket = await dialSocket?.(this.#server.host, this.#server.port);
    if (this.#over) socket?.destroy();
    else this.#connect({ ...this.#options, ...certificate }, socket);
  }

  abort(): void {
    this.#over = true;
    this.#timer?.cancel();
    this.#socket?.destroy();
  }

  #connect(identity: TlsIdentity, raw: Socket | undefined): void {
    const { host, port, tls } = this.#server;
    const { localAddress } = this.#options;
    const where = { host, port, ...(localAddress === undefined ? {} : { localAddress }) };
    try {
      const socket = tls
        ? // The host beside a socket is only what the certificate is checked against.
          connectTls({ ...this.#tlsOptions(identity), ...(raw === undefined ? where : { socket: raw, host }) })
        : (raw ?? connectTcp(where));
      this.#socket = socket;
      socket.setNoDelay(true);
      socket.setKeepAlive(true, keepAliveMs);
      socket.on("error", (error) => this.#fail(connectError(error, this.#server)));
      // A server that hangs up amid the handshake may do so without an error.
      socket.on("close", () => this.#fail(connectError(new Error("the server hung up"), this.#server)));
      if (tls) {
        socket.once("connect", () => this.#limit("handshake", this.#options.handshakeTimeoutMs ?? 10_000));
        socket.once("secureConnect", () => this.#secured());
      } else if (raw === undefined) socket.once("connect", () => this.#finish());
      else setImmediate(() => this.#finish());
    } catch (error) {
      // Node and OpenSSL throw for key material and addresses that cannot be read.
      setImmediate(() => this.#fail(connectError(error, this.#server)));
    }
  }

  #tlsOptions(identity: TlsIdentity): ConnectionOptions {
    const { serverName, insecureSkipVerify, shareContext } = this.#options;
    const { host } = this.#server;
    const name = serverName ?? (isIP(host) === 0 ? host : undefined);
    return {
      secureContext: secureContextFor(identity, shareContext ?? true),
      ALPNProtocols: ["h2"],
      rejectUnauthorized: insecureSkipVerify !== true,
      ...(name === undefined ? {} : { servername: name }),
    };
  }

  #secured(): void {
    const protocol = (this.#socket as { alpnProtocol?: string | false } | undefined)?.alpnProtocol;
    if (protocol === "h2") this.#finish();
    else this.#fail(notHttp2(this.#server));
  }

  #limit(phase: "dialing" | "handshake", limitMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(limitMs, () => this.#fail(connectTimeout(phase, limitMs, this.#server)));
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#timer?.cancel();
    const socket = this.#socket;
    socket?.removeAllListeners("error");
    socket?.removeAllListeners("close");
    this.#done(undefined, socket);
  }

  #fail(error: ClientError): void {
    if (this.#over) return;
    this.abort();
    this.#done(error, undefined);
  }
}
