import { StsError } from './errors.ts'
import type { Form } from './form.ts'

/** Takes parameters out of a form, and knows which are left. */
export interface FormReader {
  /** One parameter; `undefined` where it is absent. */
  text(name: string): string | undefined
  /** A list, `Name.member.1` and so on (AWS Query protocol), in the order of its numbers. */
  texts(name: string): readonly string[]
  /** A list of structures, `Name.member.1.Key` and so on; a member that is absent is `undefined`. */
  structures<Member extends string>(
    name: string,
    members: readonly Member[],
  ): readonly { readonly [Name in Member]?: string }[]
  /** Throws `ValidationError` if there is a parameter that nobody took. */
  refuseOthers(action: string): void
}

/** Makes a reader of `form`; `known` are parameters that others have taken. */
export function createFormReader(form: Form, known: readonly string[]): FormReader {
  const left = new Set(form.keys())
  for (const name of known) left.delete(name)
  const take = (name: string): string | undefined => {
    left.delete(name)
    return form.get(name)
  }
  return {
    text: take,
    texts: (name) => indexesOf(form, name, '').flatMap((index) => take(`${name}.member.${index}`) ?? []),
    structures(name, members) {
      const endings = members.map((member) => `.${member}`)
      const indexes = new Set(endings.flatMap((ending) => indexesOf(form, name, ending)))
      return [...indexes]
        .sort((a, b) => a - b)
        .map((index) => {
          const entries = members.map((member) => [member, take(`${name}.member.${index}.${member}`)])
          // Every member that is named, and no other, with the text that was read for it.
          return Object.fromEntries(entries) as { readonly [Name in (typeof members)[number]]?: string }
        })
    },
    refuseOthers(action) {
      const [other] = left
      if (other === undefined) return
      throw new StsError('ValidationError', `'${other.slice(0, 64)}' is no parameter of ${action}.`)
    },
  }
}

/** The numbers under which a list has members, in ascending order. */
function indexesOf(form: Form, name: string, ending: string): readonly number[] {
  const start = `${name}.member.`
  return [...form.keys()]
    .filter((key) => key.startsWith(start) && key.endsWith(ending))
    .map((key) => key.slice(start.length, key.length - ending.length))
    .filter((index) => /^[1-9]\d{0,3}$/.test(index))
    .map(Number)
    .sort((a, b) => a - b)
}
