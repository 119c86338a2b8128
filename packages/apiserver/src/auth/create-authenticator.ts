import { ApiError } from "../api-error.ts";
import type { UserInfo } from "../request-info.ts";
import type { Authenticator, Proofs } from "./auth.ts";
import type { TokenVerifier } from "./token-verifier.ts";

/** Who asks without any proof. */
export const anonymousUser: UserInfo = { name: "system:anonymous", groups: ["system:unauthenticated"] };

export interface AuthenticatorOptions {
  /** Static bearer tokens, as of a token file, with their users; looked at anew at each request. Default none. */
  readonly staticTokens?: ReadonlyMap<string, UserInfo>;
  /** Tokens of service accounts. Default: none is accepted. */
  readonly tokenVerifier?: TokenVerifier;
}

/** The user with what everyone gets who proved who they are (apiserver/pkg/authentication/group/authenticated_group_adder.go). */
function asAuthenticated(user: UserInfo): UserInfo {
  const { groups } = user;
  if (groups.includes("system:authenticated") || groups.includes("system:unauthenticated")) return user;
  return { ...user, groups: [...groups, "system:authenticated"] };
}

/** Undefined for what is no bearer token, which counts as no proof (authentication/request/bearertoken/bearertoken.go). */
function bearerToken(authorization: string | undefined): string | undefined {
  const [scheme = "", token = ""] = (authorization ?? "").trim().split(" ", 2);
  return scheme.toLowerCase() === "bearer" && token !== "" ? token : undefined;
}

/** Who a bearer token stands for; undefined if for nobody. */
export type TokenLookup = (token: string) => UserInfo | undefined;

/** Users are cached by identity of what they were given as, so that a request costs one look-up. */
export function createTokenLookup({ staticTokens, tokenVerifier }: AuthenticatorOptions): TokenLookup {
  const complete = new WeakMap<UserInfo, UserInfo>();
  return (token) => {
    const user = staticTokens?.get(token) ?? tokenVerifier?.verify(token);
    if (user === undefined) return undefined;
    const known = complete.get(user);
    if (known !== undefined) return known;
    const made = asAuthenticated(user);
    complete.set(user, made);
    return made;
  };
}

/** The order is the real server's: a certificate counts before a token, and a wrong token is never anonymous. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const userOfToken = createTokenLookup(options);
  const usersByCertificate = new WeakMap<object, UserInfo>();

  function userOfCertificate(certificate: NonNullable<Proofs["certificate"]>): UserInfo | undefined {
    const known = usersByCertificate.get(certificate);
    if (known !== undefined || certificate.commonName === "") return known;
    const user = asAuthenticated({ name: certificate.commonName, groups: certificate.organizations });
    usersByCertificate.set(certificate, user);
    return user;
  }

  return {
    authenticate({ certificate, authorization }) {
      const owner = certificate === undefined ? undefined : userOfCertificate(certificate);
      if (owner !== undefined) return owner;
      const token = bearerToken(authorization);
      if (token === undefined) return anonymousUser;
      const user = userOfToken(token);
      if (user === undefined) throw new ApiError("Unauthorized", "Unauthorized");
      return user;
    },
  };
}
