import {
  binaryOperators,
  formatRequirement,
  keyFault,
  type LabelOperator,
  type LabelRequirement,
  type Labels,
  labelRequirement,
  requirementMatches,
} from "./label-requirement.ts";
import { type LabelToken, lexLabelSelector } from "./label-selector-lexer.ts";
import { SelectorError } from "./selector-error.ts";

/** Requirements that must all hold; none of them selects everything. Sorted by key. */
export type LabelSelectorRequirements = readonly LabelRequirement[];

/**
 * Reads the text form of a label selector: `a=b,c in (d,e),!f,g,h!=i,j notin (k)`, also `a==b`, `a>1`, `a<2`; "" selects
 * everything. Grammar and messages are those of apimachinery, pkg/labels/selector.go.
 * @throws SelectorError
 */
export function parseLabelSelector(text: string): LabelSelectorRequirements {
  if (text === "") return [];
  return sortByKey(new Parser(lexLabelSelector(text)).parse());
}

/** Whether the labels fulfil all requirements. */
export function labelsMatch(selector: LabelSelectorRequirements, labels: Labels): boolean {
  return selector.every((requirement) => requirementMatches(requirement, labels));
}

/** The text form, which `parseLabelSelector` reads back. */
export function formatLabelRequirements(selector: LabelSelectorRequirements): string {
  return selector.map(formatRequirement).join(",");
}

export function sortByKey(requirements: readonly LabelRequirement[]): LabelRequirement[] {
  return [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

const operatorOf: Readonly<Partial<Record<LabelToken["type"], LabelOperator>>> = {
  in: "in",
  notin: "notin",
  "=": "=",
  "==": "==",
  "!=": "!=",
  ">": "gt",
  "<": "lt",
};

class Parser {
  readonly #tokens: readonly LabelToken[];
  #position = 0;

  constructor(tokens: readonly LabelToken[]) {
    this.#tokens = tokens;
  }

  parse(): LabelRequirement[] {
    const requirements: LabelRequirement[] = [];
    if (this.#next().type === "end") return requirements;
    if (!startsRequirement(this.#next())) throw this.#found(", expected: !, identifier, or 'end of string'");
    for (;;) {
      requirements.push(this.#requirement());
      if (this.#next().type === "end") return requirements;
      if (this.#next().type !== ",") throw this.#found(", expected: ',' or 'end of string'");
      this.#take();
      if (!startsRequirement(this.#next())) throw this.#found(", expected: identifier after ','");
    }
  }

  #requirement(): LabelRequirement {
    try {
      const negated = this.#next().type === "!";
      if (negated) this.#take();
      const key = this.#key();
      if (negated) return labelRequirement(key, "!", []);
      const { type } = this.#next();
      if (type === "end" || type === ",") return labelRequirement(key, "exists", []);
      const operator = this.#operator();
      const values = operator === "in" || operator === "notin" ? this.#values() : [this.#exactValue()];
      return labelRequirement(key, operator, values);
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      throw new SelectorError(`unable to parse requirement: ${error.message}`);
    }
  }

  #key(): string {
    if (!isWord(this.#next())) throw this.#found(", expected: identifier");
    const key = this.#take().text;
    // The path of a key read from text is a nil *field.Path, which Go prints so.
    const [fault] = keyFault("<nil>", key);
    if (fault !== undefined) throw new SelectorError(fault);
    return key;
  }

  #operator(): LabelOperator {
    const operator = operatorOf[this.#next().type];
    if (operator === undefined) throw this.#found(`, expected: ${binaryOperators.join(", ")}`);
    this.#take();
    return operator;
  }

  /** `(a,b)` as a sorted set; a place between commas that is empty stands for the empty value. */
  #values(): string[] {
    if (this.#next().type !== "(") throw this.#found(" expected: '('");
    this.#take();
    const first = this.#next();
    if (first.type !== ")" && first.type !== "," && !isWord(first))
      throw this.#found(", expected: ',', ')' or identifier");
    const values = new Set<string>();
    let wasWord = false;
    for (;;) {
      const token = this.#next();
      if (isWord(token)) {
        if (wasWord) throw this.#found(", expected: ',' or ')'");
        values.add(token.text);
      } else if (token.type === "," || token.type === ")") {
        if (!wasWord) values.add("");
        if (token.type === ")") break;
      } else {
        throw this.#found(wasWord ? ", expected: ',' or ')'" : ", expected: ',', or identifier");
      }
      wasWord = isWord(token);
      this.#take();
    }
    this.#take();
    return [...values].sort();
  }

  #exactValue(): string {
    const { type } = this.#next();
    if (type === "end" || type === ",") return "";
    if (!isWord(this.#next())) throw this.#found(", expected: identifier");
    return this.#take().text;
  }

  #next(): LabelToken {
    return this.#tokens[this.#position] ?? { type: "end", text: "" };
  }

  #take(): LabelToken {
    const token = this.#next();
    this.#position++;
    return token;
  }

  #found(rest: string): SelectorError {
    return new SelectorError(`found '${this.#next().text}'${rest}`);
  }
}

/** `in` and `notin` are keys and values too: they are operators only between the two. */
function isWord({ type }: LabelToken): boolean {
  return type === "word" || type === "in" || type === "notin";
}

function startsRequirement(token: LabelToken): boolean {
  return token.type === "!" || isWord(token);
}
