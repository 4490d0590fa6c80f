// A picture made small on the device: at most 1600 points long, as JPEG, without where and when it was taken.
(() => {
  const LONGEST = 1600;
  rasadnik.register.smaller = async (file) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * share));
    canvas.height = Math.max(1, Math.round(picture.height * share));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((yes) => { canvas.toBlob(yes, "image/jpeg", 0.85); });
  };
})();
