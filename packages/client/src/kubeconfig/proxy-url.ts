import { BlockList, isIP } from "node:net";
import { type FaultPlace, KubeconfigError } from "./kubeconfig-error.ts";
import type { Environment } from "./load-kubeconfig.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Accepts `http://` and `https://` proxies, and says what is wrong with any other. */
export function checkProxyUrl(text: string, place: FaultPlace): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // A password may stand in the URL; then only the field is named.
  const at = { ...place, value: text.includes("@") ? undefined : text };
  if (url?.protocol.startsWith("socks5")) {
    throw new KubeconfigError("unsupported", at, "SOCKS proxies are not supported", {
      remedy: "Name a proxy with http:// or https:// that allows CONNECT.",
    });
  }
  if ((url?.protocol !== "http:" && url?.protocol !== "https:") || url.hostname === "") {
    throw new KubeconfigError("bad-field", at, "is not the URL of a proxy", {
      remedy: "Write it as http://host:port or https://host:port.",
    });
  }
  return text;
}

/**
 * The proxy that the environment names for a server, by Go's rules (golang.org/x/net/http/httpproxy): the lower-case
 * variable first, `http://` if it has no scheme, never for localhost and loopback addresses.
 */
export function proxyFromEnvironment(env: Environment, server: string): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const names = protocol === "https:" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"];
  const name = names.find((candidate) => isSet(env[candidate]));
  const text = name === undefined ? undefined : env[name];
  if (text === undefined) return undefined;
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const hostPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  const noProxy = [env["no_proxy"], env["NO_PROXY"]].find(isSet) ?? "";
  if (isExempt(host, hostPort, noProxy)) return undefined;
  return checkProxyUrl(hasHost(text) ? text : `http://${text}`, { file: name });
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

function hasHost(text: string): boolean {
  return URL.canParse(text) && new URL(text).host !== "";
}

function isExempt(host: string, port: string, noProxy: string): boolean {
  if (host === "localhost" || contains(loopback, host)) return true;
  return noProxy
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== "" && matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return inSubnet(entry, host);
  const { name, port: wantedPort } = splitPort(entry);
  if (wantedPort !== undefined && wantedPort !== port) return false;
  if (isIP(name) !== 0) return isIP(host) !== 0 && sameAddress(name, host);
  if (isIP(host) !== 0 || name === "") return false;
  const domain = name.replace(/^\*?\./, "");
  return host.endsWith(`.${domain}`) || (domain === name && host === domain);
}

/** `name`, `name:port`, `[address]:port` or a bare IPv6 address. */
function splitPort(entry: string): { readonly name: string; readonly port: string | undefined } {
  if (isIP(entry) === 6) return { name: entry, port: undefined };
  const parts = /^(?:\[(?<address>[^\]]*)\]|(?<name>[^:]*))(?::(?<port>\d+))?$/.exec(entry)?.groups;
  return { name: parts?.["address"] ?? parts?.["name"] ?? "", port: parts?.["port"] };
}

function inSubnet(entry: string, host: string): boolean {
  const [network = "", prefix = ""] = entry.split("/");
  const family = isIP(network);
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (family === 0 || !(bits <= (family === 4 ? 32 : 128))) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family === 4 ? "ipv4" : "ipv6");
  return contains(list, host);
}

function sameAddress(one: string, other: string): boolean {
  const list = new BlockList();
  list.addAddress(one, isIP(one) === 4 ? "ipv4" : "ipv6");
  return contains(list, other);
}

function contains(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 4 ? "ipv4" : "ipv6");
}
