"use strict";
(function () {
  const film = document.getElementById("film");
  const slider = film.querySelector("input");
  const times = film.dataset.times.split(" ");
  const maps = Array.from(film.querySelectorAll(".film-map"), (map) => ({
    frames: map.dataset.frames.split(" "),
    cells: Array.from(map.querySelectorAll(".heat")),
  }));
  const values = Array.from(film.querySelectorAll("[data-values]"), (cell) => ({
    cell,
    numbers: cell.dataset.values.split(" "),
  }));
  function show(frame) {
    film.querySelector(".film-time b").textContent = times[frame];
    slider.setAttribute("aria-valuetext", times[frame]);
    maps.forEach((map) =>
      map.cells.forEach((cell, at) => cell.setAttribute("class", "heat h" + map.frames[frame][at])));
    values.forEach(({ cell, numbers }) => {
      const words = cell.dataset.words;
      cell.textContent = words ? words.split(" ")[numbers[frame]] : numbers[frame] + cell.dataset.unit;
    });
  }
  slider.addEventListener("input", () => show(Number(slider.value)));
  film.querySelector(".film-bar").hidden = false;
})();
