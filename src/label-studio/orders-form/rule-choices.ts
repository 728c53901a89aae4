/** Rules of an order as the form can say them: a part of what REST takes. */
export interface FormRules {
  /** Labels and keypoints that every pair must show. */
  readonly present?: readonly string[];
  readonly areaFactor?: number;
  readonly pieces?: number;
  readonly nearest?: number;
}

interface RuleChoice {
  /** Continues "Drop a pair where". */
  readonly text: string;
  readonly rule: FormRules;
}

/** Each rule with one threshold that suits most; REST and the command line take any. */
export const RULE_CHOICES: Readonly<Record<string, RuleChoice>> = {
  areas: { text: 'a label is over 1.5 times larger or smaller than in every annotated picture', rule: { areaFactor: 1.5 } },
  pieces: { text: 'a label is in more than 3 pieces', rule: { pieces: 3 } },
  nearest: {
    text: 'the picture is farther from every annotated picture than two random pictures are from each other',
    rule: { nearest: 1 },
  },
};

interface IgnoreChoice {
  readonly text: string;
  /** JS divergence in nats; undefined: no pixel is ignored. */
  readonly above: number | undefined;
}

/**
 * What becomes of pixels on which the classifiers of the ensemble disagree. Ten that are all certain have a JS divergence of 0.5 nats where they are
 * split 8 to 2, and of 0.3 where one is against the others. The first is chosen beforehand.
 */
export const IGNORE_CHOICES: Readonly<Record<string, IgnoreChoice>> = {
  keep: { text: 'keep their label', above: undefined },
  much: { text: 'become 255 (ignored) where the classifiers disagree much (JS above 0.5)', above: 0.5 },
  some: { text: 'become 255 (ignored) where the classifiers disagree (JS above 0.3)', above: 0.3 },
};
