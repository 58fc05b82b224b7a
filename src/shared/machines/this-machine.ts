/** The machine Traywatch itself runs on, among machines. No schema is here: the page knows it from its first load. */
export const THIS_MACHINE = 'this';
