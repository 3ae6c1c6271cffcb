/** Port: a slow, salted password hash (argon2id). Hashes are strings in PHC format; `verify` never throws for a wrong password. */
export type PasswordHasher = {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
};
