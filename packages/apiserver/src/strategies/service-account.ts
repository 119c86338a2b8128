import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import type { Strategy } from "./strategy.ts";
import { as } from "./views.ts";

/** References to Secrets are names and nothing else (pkg/registry/core/serviceaccount/strategy.go). */
function cleanSecrets(object: KubeObject): void {
  const account = as<json.ServiceAccount>(object);
  if (account.secrets === undefined) return;
  account.secrets = account.secrets.map(({ name }) => (name === undefined ? {} : { name }));
}

export const serviceAccountStrategy: Strategy = { prepareForCreate: cleanSecrets, prepareForUpdate: cleanSecrets };
