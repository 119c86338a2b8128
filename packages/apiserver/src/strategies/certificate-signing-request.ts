import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { semanticEqual } from "./semantic-equal.ts";
import type { Strategy } from "./strategy.ts";
import { duplicate, type FieldErrors, forbidden, invalid, notSupported, required } from "./validation/field-error.ts";
import { as, keep, timeText } from "./views.ts";

// pkg/registry/certificates/certificates/strategy.go; certificates/validation/validation.go. Signatures of requests and the
// content of certificates are not looked at: the controllers of this server sign none.

const usages = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];

type Request = json.CertificateSigningRequest;
type Condition = json.CertificateSigningRequestCondition;

function validate(object: KubeObject): FieldErrors {
  const { spec = {} as json.CertificateSigningRequestSpec, status = {} } = as<Request>(object);
  const { request = "", signerName = "", expirationSeconds: seconds } = spec;
  const given: readonly string[] = spec.usages ?? [];
  const isRequest = Buffer.from(request, "base64").toString("latin1").includes("-----BEGIN CERTIFICATE REQUEST-----");
  const short = "may not specify a duration less than 600 seconds (10 minutes)";
  return [
    ...(isRequest ? [] : [invalid("spec.request", request, "PEM block type must be CERTIFICATE REQUEST")]),
    ...(given.length === 0 ? [required("spec.usages")] : []),
    ...given.flatMap((usage, index) =>
      usages.includes(usage) ? [] : [notSupported(`spec.usages[${index}]`, usage, usages)],
    ),
    ...given.flatMap((usage, index) =>
      given.indexOf(usage) < index ? [duplicate(`spec.usages[${index}]`, usage)] : [],
    ),
    ...validateSigner("spec.signerName", signerName),
    ...(seconds !== undefined && seconds < 600 ? [invalid("spec.expirationSeconds", seconds, short)] : []),
    ...validateConditions("status.conditions", status.conditions ?? []),
  ];
}

function validateSigner(field: string, name: string): FieldErrors {
  if (name === "") return [required(field)];
  if (name === "kubernetes.io/legacy-unknown") {
    return [invalid(field, name, "the legacy signerName is not allowed via this API version")];
  }
  if (name.split("/").length === 2) return [];
  return [invalid(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
}

const onlyTrue = new Set(["Approved", "Denied", "Failed"]);

function validateConditions(field: string, conditions: readonly Condition[]): FieldErrors {
  const seen = new Set<string>();
  return conditions.flatMap(({ type = "", status = "" }, index) => {
    const path = `${field}[${index}]`;
    const allowed = onlyTrue.has(type) ? ["True"] : ["False", "True", "Unknown"];
    const other = type === "Approved" ? "Denied" : type === "Denied" ? "Approved" : undefined;
    const isBoth = other !== undefined && seen.has(other);
    const isRepeated = seen.has(type);
    seen.add(type);
    return [
      ...(type === "" ? [required(`${path}.type`)] : []),
      ...(status === ""
        ? [required(`${path}.status`)]
        : allowed.includes(status)
          ? []
          : [notSupported(`${path}.status`, status, allowed)]),
      ...(isBoth ? [invalid(field, type, "Approved and Denied conditions are mutually exclusive")] : []),
      ...(isRepeated ? [duplicate(`${path}.type`, type)] : []),
    ];
  });
}

interface Allowed {
  readonly approval: boolean;
  readonly certificate: boolean;
}

function validateChange(object: KubeObject, old: KubeObject, allowed: Allowed): FieldErrors {
  const [status, before] = [as<Request>(object).status ?? {}, as<Request>(old).status ?? {}];
  const field = "status.conditions";
  const ofType = (one: json.CertificateSigningRequestStatus, type: string) =>
    (one.conditions ?? []).filter((condition) => condition.type === type);
  const removed = ["Approved", "Denied", "Failed"].filter(
    (type) => ofType(status, type).length < ofType(before, type).length,
  );
  const approvals = ["Approved", "Denied"].filter((type) => !removed.includes(type));
  const isReset = status.certificate !== before.certificate;
  const path = "status.certificate";
  return [
    ...validate(object),
    ...removed.map((type) => forbidden(field, `updates may not remove a condition of type "${type}"`)),
    ...(allowed.approval ? [] : approvals).flatMap((type) => {
      if (semanticEqual(ofType(status, type), ofType(before, type))) return [];
      const isMore = ofType(status, type).length > ofType(before, type).length;
      const verb = isMore ? "add" : "modify";
      return [forbidden(field, `updates may not ${verb} a condition of type "${type}"`)];
    }),
    ...(isReset && !allowed.certificate ? [forbidden(path, "updates may not set certificate content")] : []),
    ...(isReset && allowed.certificate && before.certificate
      ? [forbidden(path, "updates may not modify existing certificate content")]
      : []),
  ];
}

/** What the client leaves out is now; a condition that was there keeps its last transition. */
function setTimes(object: KubeObject, old: KubeObject, nowMs: number): void {
  const now = timeText(nowMs);
  const before = as<Request>(old).status?.conditions ?? [];
  for (const condition of as<Request>(object).status?.conditions ?? []) {
    condition.lastUpdateTime ||= now;
    if (condition.lastTransitionTime) continue;
    const known = before.find(({ type, status }) => type === condition.type && status === condition.status);
    condition.lastTransitionTime = known?.lastTransitionTime || now;
  }
}

export const certificateSigningRequestStrategy: Strategy = {
  nameRule: "path-segment",
  prepareForCreate(object, { user }) {
    const { username: _, uid: __, groups: ___, extra: ____, ...asked } = as<Request>(object).spec ?? {};
    object["spec"] = {
      ...asked,
      username: user.name,
      ...(user.uid !== undefined && { uid: user.uid }),
      ...(user.groups.length > 0 && { groups: [...user.groups] }),
      ...(user.extra !== undefined && { extra: user.extra }),
    };
    object["status"] = {};
  },
  validate,
  prepareForUpdate(object, old) {
    keep("spec", object, old);
    keep("status", object, old);
  },
  validateUpdate: (object, old) => validateChange(object, old, { approval: false, certificate: false }),
  prepareForStatusUpdate(object, old, { nowMs }) {
    keep("spec", object, old);
    setTimes(object, old, nowMs);
  },
  validateStatusUpdate: (object, old) => validateChange(object, old, { approval: false, certificate: true }),
  subresources: {
    approval: {
      prepareForUpdate(object, old, { nowMs }) {
        setTimes(object, old, nowMs);
        const conditions = as<Request>(object).status?.conditions;
        keep("spec", object, old);
        object["status"] = { ...as<Request>(old).status, ...(conditions !== undefined && { conditions }) };
      },
      validateUpdate: (object, old) => validateChange(object, old, { approval: true, certificate: false }),
    },
  },
  selectableFields: (object) => ({ "spec.signerName": as<Request>(object).spec?.signerName ?? "" }),
};
