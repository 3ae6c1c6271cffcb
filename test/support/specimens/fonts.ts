import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Chinese and Latin text. */
export const sans = 'Noto Sans SC';
/** Machine-readable zones and numbers of cards; every character is {@link monoAdvance} em wide. */
export const mono = 'B612 Mono';
export const monoAdvance = 0.65;

const fontsInstalled = (): boolean => {
  try {
    const files = [
      import.meta.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
      import.meta.resolve('@expo-google-fonts/b612-mono/400Regular/B612Mono_400Regular.ttf'),
    ];
    return files.every((file) => existsSync(fileURLToPath(file)));
  } catch {
    return false;
  }
};

/**
 * Text is drawn with fonts from npm packages. librsvg asks fontconfig, which reads its file once, before the first text
 * that this process draws. Without the packages the machine's own fonts are used.
 */
if (fontsInstalled()) {
  process.env['FONTCONFIG_FILE'] = fileURLToPath(new URL('fonts.conf', import.meta.url));
}
