import { HollowError } from "@hollowfleet/core";

/** What can be wrong with a kubeconfig, or with what it refers to. */
export type KubeconfigErrorCode =
  /** A file that was asked for by name, or that an entry refers to, does not exist or cannot be read. */
  | "file-unreadable"
  /** Not YAML, or YAML of another kind. */
  | "syntax"
  /** A field has the wrong type or a value that nothing can be done with. */
  | "bad-field"
  /** Two entries of one list have the same name. */
  | "duplicate-name"
  /** Two fields that exclude each other, or one without the other that it needs. */
  | "conflict"
  /** No file, no context, and not inside a cluster. */
  | "no-kubeconfig"
  /** No such context, cluster or user. */
  | "not-found"
  /** Valid for kubectl, or was once, but not offered here. */
  | "unsupported"
  /** The command of an exec plugin is not installed. */
  | "exec-missing"
  /** An exec plugin ended with an error, or could not be started. */
  | "exec-failed"
  /** An exec plugin printed something else than a credential. */
  | "exec-output"
  /** An exec plugin did not end in time. */
  | "exec-timeout"
  /** An exec plugin must talk to its user, and standard input is not a terminal. */
  | "exec-interactive"
  /** The proxy could not be reached or refused the tunnel. */
  | "proxy-failed";

/** Where the fault is. */
export interface FaultPlace {
  /** Path of the kubeconfig file, or the name of an environment variable. */
  readonly file?: string | undefined;
  /** As `users[admin].user.client-key`. */
  readonly field?: string | undefined;
  /** Its value as found; absent where that is secret. */
  readonly value?: string | undefined;
}

const shownCharactersMax = 120;

/** Thrown for every fault of a kubeconfig; the message names file, field, value and what is wrong. */
export class KubeconfigError extends HollowError<KubeconfigErrorCode> {
  readonly place: FaultPlace;

  constructor(
    code: KubeconfigErrorCode,
    place: FaultPlace,
    problem: string,
    options: { readonly remedy: string; readonly cause?: unknown },
  ) {
    super(code, describe(place, problem), options);
    this.place = place;
  }
}

/** For a file that could not be read. */
export function unreadable(place: FaultPlace, remedy: string, cause: unknown): KubeconfigError {
  return new KubeconfigError("file-unreadable", place, "cannot be read", { remedy, cause });
}

function describe({ file, field, value }: FaultPlace, problem: string): string {
  const subject = value === undefined ? field : `${field ?? "value"} ${JSON.stringify(shorten(value))}`;
  return [file, subject, problem].filter((part) => part !== undefined).join(": ");
}

function shorten(text: string): string {
  return text.length <= shownCharactersMax ? text : `${text.slice(0, shownCharactersMax)}…`;
}

/**
 * Text of a foreign source with its control characters spelled out, so that it cannot change the state of a terminal
 * (k8s.io/client-go/tools/clientcmd/client_config.go, cleanANSIEscapeCodes).
 */
export function printable(text: string): string {
  return text.replace(/[^\P{C}\t\n\v\f\r]/gu, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
  });
}
