import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import type { Store } from "../store/store.ts";

/** What an admission plugin looks at. */
export interface AdmissionRequest {
  readonly info: RequestInfo;
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  /** The new object, defaulted, not yet prepared and validated; a fresh clone that mutating plugins change. Undefined on DELETE. */
  readonly object: KubeObject | undefined;
  /** Undefined on CREATE. */
  readonly old: KubeObject | undefined;
  readonly dryRun: boolean;
}

/** One admission plugin under its upstream name. @throws ApiError to refuse */
export interface AdmissionPlugin {
  /** e.g. NodeRestriction */
  readonly name: string;
  /** Before validation: may change the object. */
  mutate?(request: AdmissionRequest, store: Store): void;
  /** After validation: may only refuse. */
  validate?(request: AdmissionRequest, store: Store): void;
}
