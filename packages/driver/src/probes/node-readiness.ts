/** What an observer outside the fleet saw of the nodes. */
export interface NodeFigures {
  readonly seen: number;
  readonly ready: number;
  /** Times that a node was not Ready after it had been. */
  readonly lost: number;
}

interface NodeState {
  readonly firstUs: number;
  everReady: boolean;
  ready: boolean;
}

/** Follows nodes by what a watch shows of them. Pure. */
export class NodeReadiness {
  readonly #nodes = new Map<string, NodeState>();
  readonly #onReady: (tookUs: number) => void;
  #lost = 0;
  #ready = 0;

  /** @param onReady told once per node of the span from its first sight to Ready */
  constructor(onReady: (tookUs: number) => void = () => undefined) {
    this.#onReady = onReady;
  }

  observe(node: string, ready: boolean, atUs: number): void {
    let state = this.#nodes.get(node);
    if (state === undefined) {
      state = { firstUs: atUs, everReady: false, ready: false };
      this.#nodes.set(node, state);
    }
    if (ready === state.ready) return;
    state.ready = ready;
    this.#ready += ready ? 1 : -1;
    if (!ready) this.#lost++;
    else if (!state.everReady) {
      state.everReady = true;
      this.#onReady(atUs - state.firstUs);
    }
  }

  remove(node: string): void {
    if (this.#nodes.get(node)?.ready === true) this.#ready--;
    this.#nodes.delete(node);
  }

  figures(): NodeFigures {
    return { seen: this.#nodes.size, ready: this.#ready, lost: this.#lost };
  }
}
