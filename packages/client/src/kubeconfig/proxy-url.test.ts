import { describe, expect, test } from "vitest";
import { faultOf } from "./kubeconfig.testing.ts";
import { proxyFromEnvironment } from "./proxy-url.ts";

const proxy = "http://proxy.example:3128";

describe("which variable counts", () => {
  test("the one of the server's scheme, lower case first", () => {
    const env = {
      https_proxy: "",
      HTTPS_PROXY: "http://upper:1",
      http_proxy: "http://lower:2",
      HTTP_PROXY: "http://no:3",
    };
    expect(proxyFromEnvironment(env, "https://api.example:6443")).toBe("http://upper:1");
    expect(proxyFromEnvironment(env, "http://api.example:8080")).toBe("http://lower:2");
    expect(proxyFromEnvironment({}, "https://api.example:6443")).toBeUndefined();
  });

  test("a bare host and port mean http", () => {
    expect(proxyFromEnvironment({ HTTPS_PROXY: "proxy.example:3128" }, "https://api.example")).toBe(proxy);
    expect(proxyFromEnvironment({ HTTPS_PROXY: "10.0.0.1:3128" }, "https://api.example")).toBe("http://10.0.0.1:3128");
  });

  test("a SOCKS proxy is refused by the variable's name", () => {
    const fault = faultOf(() => proxyFromEnvironment({ HTTPS_PROXY: "socks5://u:p@h:1" }, "https://api.example"));
    expect(fault).toMatchObject({ code: "unsupported", message: "HTTPS_PROXY: SOCKS proxies are not supported" });
  });
});

test.each([
  ["", "https://localhost:6443", false],
  ["", "https://127.8.9.1:6443", false],
  ["", "https://[::1]:6443", false],
  ["", "https://10.0.0.1:6443", true],
  ["*", "https://api.example", false],
  ["example", "https://api.example", false],
  ["example", "https://example", false],
  [".example", "https://api.example", false],
  [".example", "https://example", true],
  ["*.example", "https://api.example", false],
  ["ample", "https://example", true],
  ["api.example:443", "https://api.example", false],
  ["api.example:443", "https://api.example:6443", true],
  ["10.0.0.0/8", "https://10.1.2.3:6443", false],
  ["10.0.0.0/8", "https://11.1.2.3:6443", true],
  ["10.0.0.0/99", "https://10.1.2.3:6443", true],
  ["10.1.2.3", "https://10.1.2.3:6443", false],
  ["10.1.2.3:6443", "https://10.1.2.3:6443", false],
  ["10.1.2.3:443", "https://10.1.2.3:6443", true],
  ["fd00::/8", "https://[fd00::1]:6443", false],
  ["[fd00::1]:6443", "https://[fd00::1]:6443", false],
  ["fd00::1", "https://[fd00::1]:6443", false],
  ["fd00::2", "https://[fd00::1]:6443", true],
  ["1.2.3.4, ,API.example", "https://api.EXAMPLE", false],
])("NO_PROXY=%j, %s goes through the proxy: %s", (noProxy, server, through) => {
  expect(proxyFromEnvironment({ https_proxy: proxy, NO_PROXY: noProxy }, server)).toBe(through ? proxy : undefined);
});
