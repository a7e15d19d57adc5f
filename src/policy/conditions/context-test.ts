import type { ContextTest } from '../condition.ts'
import type { ConditionContext } from '../condition-context.ts'
import type { Template } from '../template.ts'
import { expandTemplate } from '../template.ts'
import type { ValueOperator, ValueTest } from './operator.ts'

const NO_VALUES: ConditionContext = new Map()

/**
 * Makes the values that a condition lists ready for comparing: once, but for those with variables, which get their values
 * from the request each time. `undefined` if one of them is of a form that the operator cannot take.
 */
export function compileContextTest(
  { compile }: ValueOperator,
  templates: readonly Template[],
): ContextTest | undefined {
  const open = templates.filter(({ variables }) => variables.length > 0)
  const fixed = templates.filter(({ variables }) => variables.length === 0)
  const texts = fixed.map((template) => expandTemplate(template, NO_VALUES))
  const test = compile(texts.filter((text) => text !== null))
  if (!test || open.length === 0) return test
  // Values of a request are compared one after the other: variables get theirs once a request, not once a value.
  const prepared = new WeakMap<ConditionContext, readonly (ValueTest | undefined)[]>()
  return (actual, context) => {
    let tests = prepared.get(context)
    if (!tests) {
      tests = open.flatMap((template) => {
        const expanded = expandTemplate(template, context)
        return expanded ? [compile([expanded])] : []
      })
      prepared.set(context, tests)
    }
    let answer = test(actual)
    for (const one of tests) {
      if (answer === true) return true
      const matched = one?.(actual)
      answer = matched === true ? true : matched === undefined ? undefined : answer
    }
    return answer
  }
}
