import type { ResourceName } from "../cluster-store.ts";
import { type ControllerContext, ownLoop } from "../context.ts";
import { sameValue } from "../objects/canonical.ts";
import { isBeingDeleted, type KubeObject, nameOf, namespaceOf } from "../objects/meta.ts";
import type { Informer } from "../runtime/informer.ts";
import type { Loop } from "../runtime/loop.ts";

/** What every namespace has to have. */
interface NamespaceDefault {
  readonly loopName: string;
  readonly resource: ResourceName;
  readonly informer: Informer<KubeObject>;
  readonly object: KubeObject;
  /** Whether what is there will do. */
  readonly isRight: (object: KubeObject) => boolean;
}

/** Keeps one object in every namespace that is not being deleted. */
class NamespaceDefaultController {
  readonly loop: Loop;
  readonly #context: ControllerContext;
  readonly #wanted: NamespaceDefault;

  constructor(context: ControllerContext, wanted: NamespaceDefault) {
    this.#context = context;
    this.#wanted = wanted;
    this.loop = ownLoop(context, wanted.loopName, (namespace) => this.#sync(namespace));
    context.informers.namespaces.onChange((after) => {
      if (after !== undefined && !isBeingDeleted(after)) this.loop.enqueue(nameOf(after));
    });
    wanted.informer.onChange((after, before) => {
      if (before !== undefined && nameOf(before) === nameOf(wanted.object)) {
        this.loop.enqueue(namespaceOf(after ?? before));
      }
    });
  }

  #sync(namespace: string): undefined {
    const { store, informers } = this.#context;
    const { resource, informer, object, isRight } = this.#wanted;
    const home = informers.namespaces.get("", namespace);
    if (home === undefined || isBeingDeleted(home)) return undefined;
    const present = informer.get(namespace, nameOf(object));
    if (present === undefined) {
      store.create(resource, { ...object, metadata: { ...object.metadata, namespace } });
    } else if (!isRight(present)) {
      store.update(resource, { ...present, ...object, metadata: { ...present.metadata, ...object.metadata } });
    }
    return undefined;
  }
}

/** The ServiceAccount "default", without which no pod is admitted (serviceaccounts_controller.go). */
export function createServiceAccountController(context: ControllerContext): Loop {
  return new NamespaceDefaultController(context, {
    loopName: "service account",
    resource: "serviceaccounts",
    informer: context.informers.serviceAccounts,
    object: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } },
    isRight: () => true,
  }).loop;
}

const description =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal " +
  "service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** The ConfigMap kube-root-ca.crt that every pod mounts (certificates/rootcacertpublisher). */
export function createRootCaController(context: ControllerContext, rootCaPem: string): Loop {
  const data = { "ca.crt": rootCaPem };
  const metadata = { name: "kube-root-ca.crt", annotations: { "kubernetes.io/description": description } };
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
  return new NamespaceDefaultController(context, {
    loopName: "root CA publisher",
    resource: "configmaps",
    informer: context.informers.configMaps,
    object,
    isRight: (present) => "data" in present && sameValue(present.data, data),
  }).loop;
}
