/** Who is at the other end of a connection. */
export interface Peer {
  /** What its certificate says, if it brought one. */
  readonly certificate: PeerCertificate | undefined;
  readonly remoteAddress: string;
}

export interface PeerCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Whether it chains to the client authority and is in date. */
  readonly verified: boolean;
}

/** Names in small letters. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A body of unknown length, e.g. of a watch. */
export interface BodyStream {
  /** The bytes must not be changed afterwards. Does nothing once the exchange is over. */
  write(chunk: Uint8Array): void;
  /** What was written and is not yet taken by the system. */
  readonly bufferedBytes: number;
  end(): void;
}

/**
 * One request and its answer, whatever the version of HTTP. It is over when the answer is written, or when either side gave
 * up; methods called afterwards do nothing.
 */
export interface Exchange {
  readonly httpVersion: 1 | 2;
  /** In capitals. */
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly peer: Peer;
  /** The values of a header joined with ", "; its name in small letters. */
  header(name: string): string | undefined;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /**
   * The whole body. Rejects with ApiError RequestEntityTooLarge, or with ExchangeAborted when the client is gone.
   * @param maxBytes what is above is not kept
   */
  readBody(maxBytes: number): Promise<Uint8Array>;
  /** Writes the whole answer. */
  respond(status: number, headers: ResponseHeaders, body: Uint8Array | undefined): void;
  /** Sends the head of an answer at once. */
  stream(status: number, headers: ResponseHeaders): BodyStream;
  /** Breaks off: RST_STREAM, or the connection's end in HTTP/1.1. */
  reset(): void;
  /** Tells the client to use another connection for its next request: GOAWAY, or `Connection: close`. */
  leave(): void;
  /** From now on nothing is sent on this connection, and it stays open. */
  silence(): void;
  /** Whether an answer can still be given. */
  readonly open: boolean;
  /** Called once when the exchange is over, at once if it is. */
  onOver(listener: () => void): void;
}

/** The client is gone, or broke off; there is nobody to answer to. */
export class ExchangeAborted extends Error {
  constructor() {
    super("the client broke off the request");
    this.name = "ExchangeAborted";
  }
}
