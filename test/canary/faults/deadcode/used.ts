export const used = 'used'
export const unused = 'never imported'
