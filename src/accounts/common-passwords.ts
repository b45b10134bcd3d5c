// The passwords of eight characters and more that are tried first, and the words that everybody here would try.
const COMMON = new Set(
  `12345678 123456789 1234567890 12345678910 123123123 11111111 00000000 88888888 87654321 987654321 0987654321 11223344
  12341234 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 zaq12wsx q1w2e3r4 q1w2e3r4t5 qwertyui qwertyuiop qwerty12 qwerty123
  qwerty1234 qwer1234 asdfghjk asdfghjkl asdf1234 zxcvbnm1 zxcvbnm123 password password1 password12 password123
  password1234 passw0rd p@ssw0rd p@ssword pa55word pass1234 passpass passwort passwort1 motdepasse contrasena senha123
  iloveyou iloveyou1 sunshine sunshine1 princess princess1 football football1 baseball baseball1 basketball superman
  batman123 spiderman pokemon1 starwars dragon123 master123 monkey123 shadow123 michael1 jennifer jessica1 charlie1
  whatever trustno1 letmein1 letmein123 welcome1 welcome12 welcome123 changeme changeme1 changeme123 admin123 admin1234
  administrator adminadmin root1234 rootroot test1234 testtest testing123 guest123 default1 user1234 secret123 secretsecret
  abcd1234 abc12345 abcdefgh abcdefg1 abcdef123 a1b2c3d4 aa123456 a12345678 computer internet samsung1 google123 facebook
  liverpool chelsea1 arsenal1 computer1 corvette mercedes maverick midnight victoria elizabeth alexander jonathan
  christian hello123 hellohello goodluck blink182 freedom1 lovelove babygirl chocolate butterfly november december
  warmdesk warmdesk1 warmdesk123 dedicated dedicatedip`.split(/\s+/),
);

/** Whether this is among the passwords that are tried first, in any spelling of upper and lower case. */
export const isCommonPassword = (password: string): boolean => COMMON.has(password.trim().toLowerCase());
