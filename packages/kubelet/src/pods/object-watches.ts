import {
  type ApiClient,
  type ClientError,
  createReflector,
  objectWatchTimeout,
  type Reflector,
  type ReflectorHandler,
  resources,
} from "@hollowfleet/client";
import type { Clock, Random } from "@hollowfleet/core";
import type { ObjectRef, PodPlan } from "./pod-plan.ts";

export interface ObjectWatchesOptions {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  onError(where: string, error: ClientError): void;
}

interface SharedWatch {
  readonly reflector: Reflector<unknown>;
  /** Pods on the node that refer to the object. */
  users: number;
}

/**
 * The watches of ConfigMaps and Secrets of one node: one per object, shared by its pods, open while one of them is here
 * (kubelet-wire §4.2). Nothing of the objects is kept: a hollow container reads no file.
 */
export class ObjectWatches {
  readonly #options: ObjectWatchesOptions;
  readonly #handler: ReflectorHandler<unknown>;
  readonly #open = new Map<string, SharedWatch>();

  constructor(options: ObjectWatchesOptions) {
    this.#options = options;
    const ignore = (): void => undefined;
    this.#handler = {
      onReplace: ignore,
      onAdd: ignore,
      onUpdate: ignore,
      onDelete: ignore,
      onError: (error) => options.onError("object watch", error),
    };
  }

  add(plan: PodPlan): void {
    for (const ref of plan.objects) {
      const key = keyOf(plan.namespace, ref);
      let watch = this.#open.get(key);
      if (watch === undefined) {
        watch = { reflector: this.#start(plan.namespace, ref), users: 0 };
        this.#open.set(key, watch);
      }
      watch.users++;
    }
  }

  remove(plan: PodPlan): void {
    for (const ref of plan.objects) {
      const key = keyOf(plan.namespace, ref);
      const watch = this.#open.get(key);
      if (watch === undefined || --watch.users > 0) continue;
      watch.reflector.stop();
      this.#open.delete(key);
    }
  }

  stop(): void {
    for (const { reflector } of this.#open.values()) reflector.stop();
    this.#open.clear();
  }

  #start(namespace: string, { plural, name }: ObjectRef): Reflector<unknown> {
    const { api, clock, random } = this.#options;
    const reflector = createReflector<unknown>({
      api,
      resource: plural === "secrets" ? resources.secrets : resources.configmaps,
      namespace,
      fieldSelector: `metadata.name=${name}`,
      handler: this.#handler,
      clock,
      random,
      keep: "none",
      watchTimeout: objectWatchTimeout,
    });
    reflector.start();
    return reflector;
  }
}

function keyOf(namespace: string, ref: ObjectRef): string {
  return `${ref.plural}/${namespace}/${ref.name}`;
}
