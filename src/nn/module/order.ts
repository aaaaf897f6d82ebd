// JavaScript puts names that are integers ('0', '17', but not '01') before all other keys of an object, in ascending
// order. Modules have such names, so where one occurs the order of registration is kept beside the object.

/** Whether an object puts this key first. @internal */
export function isIndex(name: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(name) && Number(name) < 2 ** 32 - 1
}

/** The names of a module's fields in the order of registration. @internal */
export class Order {
  /** Every name, or just the integers as long as the order is JavaScript's. */
  readonly #names = new Set<string>()
  #isNatural = true
  #largest = -1

  /** Notes that a name is about to be set, after what `owner` has by now. */
  add(owner: object, name: string): void {
    if (this.#isNatural && !isIndex(name)) return // it will stand behind the integers, where JavaScript puts it too
    if (this.#names.has(name) && Object.hasOwn(owner, name)) return
    const keys = Object.keys(owner)
    const second = keys.at(-2) // the last is `training`, or something that was added to it
    if (this.#isNatural && (second === undefined || isIndex(second)) && Number(name) > this.#largest) {
      this.#largest = Number(name) // a list that grows
    } else {
      this.#isNatural = false
      for (const known of this.#names) if (!Object.hasOwn(owner, known)) this.#names.delete(known)
      for (const key of keys) if (!isIndex(key)) this.#names.add(key)
    }
    this.#names.add(name)
  }

  has(name: string): boolean {
    return this.#names.has(name)
  }

  /** The fields, given in JavaScript's order. */
  sort<T>(fields: [string, T][]): [string, T][] {
    if (this.#isNatural) return fields
    const byName = new Map(fields)
    const known = [...this.#names].filter(name => byName.has(name))
    const later = [...byName.keys()].filter(name => !isIndex(name) && !this.#names.has(name))
    return [...known, ...later].map(name => [name, byName.get(name)!])
  }
}
