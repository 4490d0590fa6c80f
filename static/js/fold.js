// The search key of a name, as lib folds it on the server: script, diacritics, dj/đ and case do not matter.
const rasadnik = window.rasadnik || {};
window.rasadnik = rasadnik;
(() => {
  const letters = {
    а: "a", б: "b", в: "v", г: "g", д: "d", ђ: "dj", е: "e", ж: "z", з: "z", и: "i", ј: "j", к: "k", л: "l", љ: "lj", м: "m", н: "n", њ: "nj",
    о: "o", п: "p", р: "r", с: "s", т: "t", ћ: "c", у: "u", ф: "f", х: "h", ц: "c", ч: "c", џ: "dz", ш: "s", đ: "dj",
  };
  rasadnik.fold = (text) => text.toLowerCase().normalize("NFC")
    .replace(/[\u0400-\u04ffđ]/g, (letter) => letters[letter] ?? letter)
    .normalize("NFD").replace(/[\u0300-\u036f]/g, "");
})();
