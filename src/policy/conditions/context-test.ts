import type { ContextTest } from '../condition.ts'
import type { ConditionContext } from '../condition-context.ts'
import type { Template } from '../template.ts'
import { expandTemplate } from '../template.ts'
import type { ValueOperator } from './operator.ts'

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
  return (actual, context) => {
    let answer = test(actual)
    for (const template of open) {
      if (answer === true) return true
      const expanded = expandTemplate(template, context)
      // Without a value there is nothing that could be equal.
      if (!expanded) continue
      const one = compile([expanded])?.(actual)
      answer = one === true ? true : one === undefined ? undefined : answer
    }
    return answer
  }
}
