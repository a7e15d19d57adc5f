declare const later: () => Promise<void>

export function careless(value: any, kind: 'a' | 'b'): unknown {
  later()
  switch (kind) {
    case 'a':
      return value!.member == 1
  }
}
