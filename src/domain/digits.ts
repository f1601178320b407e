const decimalDigit = /^\p{Nd}$/u;

/** Value 0-9 of a decimal digit of any script (٣, 三 is none, ３, ३); undefined for anything else. */
export function digitValue(char: string): number | undefined {
  if (!decimalDigit.test(char)) return undefined;
  const codePoint = char.codePointAt(0);
  if (codePoint === undefined) return undefined;
  // Unicode keeps decimal digits in runs 0-9, and runs that touch (the mathematical ones) follow each other whole.
  let start = codePoint;
  while (decimalDigit.test(String.fromCodePoint(start - 1))) start -= 1;
  return (codePoint - start) % 10;
}

/** The text with every decimal digit of any script written 0-9. */
export function withAsciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (char) => String(digitValue(char)));
}
