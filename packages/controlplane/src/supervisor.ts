import { join } from "node:path";
import { type ComponentProcess, lastLines, spawnComponent } from "./component-process.ts";
import { type ComponentName, componentNames } from "./components/component.ts";
import type { ComponentDeath, ControlPlaneProcess } from "./control-plane.ts";
import { stopOrder } from "./stop-order.ts";

/** Keeps the components of one run: starts them, tells of their deaths, stops them in order. */
export interface Supervisor {
  launch(name: ComponentName, path: string, argv: readonly string[]): void;
  processes(): readonly (ControlPlaneProcess & { readonly name: ComponentName })[];
  logTail(name: ComponentName): readonly string[];
  onDeath(listener: (death: ComponentDeath) => void): () => void;
  /** Whether a component has died on its own so far. */
  anyDied(): boolean;
  /** Stops all in order. Deaths from now on are expected. */
  stop(): Promise<void>;
}

export function createSupervisor(logsDir: string, runId: string): Supervisor {
  const running = new Map<ComponentName, ComponentProcess>();
  const listeners = new Set<(death: ComponentDeath) => void>();
  let stopping = false;
  let died = false;
  const logFile = (name: ComponentName) => join(logsDir, `${name}.log`);
  return {
    launch(name, path, argv) {
      const component = spawnComponent({ name, path, argv, logFile: logFile(name), runId });
      running.set(name, component);
      void component.ended.then((cause) => {
        running.delete(name);
        if (stopping) return;
        died = true;
        for (const listener of [...listeners]) listener({ component: name, cause, logTail: component.logTail() });
      });
    },
    processes() {
      return componentNames.flatMap((name) => {
        const pid = running.get(name)?.pid;
        return pid === undefined ? [] : [{ name, pid }];
      });
    },
    logTail: (name) => lastLines(logFile(name), 20),
    onDeath(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    anyDied: () => died,
    async stop() {
      stopping = true;
      for (const { components, graceMs } of stopOrder) {
        await Promise.all(components.map((name) => running.get(name)?.stop(graceMs)));
      }
    },
  };
}
