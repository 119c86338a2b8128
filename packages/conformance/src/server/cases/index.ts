import type { ConformanceCase } from "../harness/conformance-case.ts";
import { accessCases } from "./access.ts";
import { admissionCases } from "./admission.ts";
import { createCases } from "./create.ts";
import { deleteCases } from "./delete.ts";
import { errorCases } from "./errors.ts";
import { identityCases } from "./identity.ts";
import { kindCases } from "./kinds.ts";
import { namespaceCases } from "./namespaces.ts";
import { negotiationCases } from "./negotiation.ts";
import { nodeRuleCases } from "./node-rules.ts";
import { patchCases } from "./patch.ts";
import { podDefaultCases } from "./pod-defaults.ts";
import { readCases } from "./read.ts";
import { subresourceCases } from "./subresources.ts";
import { updateCases } from "./update.ts";
import { watchCases } from "./watch.ts";

/** All cases by the group that they are recorded in. */
export const caseGroups: Readonly<Record<string, readonly ConformanceCase[]>> = {
  create: createCases,
  read: readCases,
  update: updateCases,
  patch: patchCases,
  delete: deleteCases,
  subresources: subresourceCases,
  watch: watchCases,
  negotiation: negotiationCases,
  errors: errorCases,
  identity: identityCases,
  namespaces: namespaceCases,
  kinds: kindCases,
  "pod-defaults": podDefaultCases,
  "node-rules": nodeRuleCases,
  admission: admissionCases,
  access: accessCases,
};
