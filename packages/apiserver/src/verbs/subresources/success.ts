import type { WriteResult } from "../api.ts";

/** What POST of a Binding or an Eviction answers: a Status without details. */
export const created: WriteResult = {
  object: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
  httpCode: 201,
};
