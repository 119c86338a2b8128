/** Facts beside a message, printed as key=value. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where diagnostics go. Results never go through it. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const ignore = (): void => undefined;

/** Drops everything. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** A logger that hands each line at or above `level` to `write`, without its line end. */
export function lineLogger(level: LogLevel, write: (line: string) => void): Logger {
  const at =
    (mine: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (logLevels.indexOf(mine) < logLevels.indexOf(level)) return;
      const facts = Object.entries(fields).filter(([, value]) => value !== undefined);
      write([`${mine}: ${message}`, ...facts.map(([key, value]) => `${key}=${value}`)].join(" "));
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
