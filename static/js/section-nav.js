// On a narrow screen the sections of the settings scroll sideways: the one of this page is in view.
const current = document.querySelector(".settings__nav [aria-current]");
const nav = current?.closest(".settings__nav");
if (nav && nav.scrollWidth > nav.clientWidth) {
  const { left, width } = current.getBoundingClientRect();
  nav.scrollLeft += left + width / 2 - nav.getBoundingClientRect().left - nav.clientWidth / 2;
}
