"""References in glTF and in the tiles that wrap it."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutout.core.gltf import Kind, changed, references
from tests.scenes.tilesets import POSITIONS, b3dm, cmpt, glb, i3dm, json_of, triangle

IMAGES = ["a.png?s=1", "b.png"]


def local(uri: str, kind: Kind) -> str:
    return uri.partition("?")[0]


def part(data: bytes, start: int) -> bytes:
    """The tile in a composite that begins there."""
    (size,) = struct.unpack_from("<I", data, start + 8)
    return data[start : start + size]


def test_buffers_images_and_extensions_are_references() -> None:
    document = triangle(["a.png"], "b.bin")
    document["images"][0]["extensions"] = {"EXT_more": {"uri": "a.webp"}}
    document["extensions"] = {
        "EXT_structural_metadata": {"schemaUri": "schema.json"},
        "EXT_lights_ies": {"lights": [{"uri": "lamp.ies"}]},
        "EXT_pictures": {"images": [{"uri": "c.ktx2"}]},
    }
    document["extras"] = {"uri": "https://example.com/about"}
    expected = {
        ("b.bin", Kind.DATA),
        ("a.png", Kind.IMAGE),
        ("a.webp", Kind.IMAGE),
        ("schema.json", Kind.DATA),
        ("lamp.ies", Kind.DATA),
        ("c.ktx2", Kind.IMAGE),
    }
    for data in (glb(document), json.dumps(document).encode(), b"\xef\xbb\xbf\n" + json.dumps(document).encode()):
        assert set(references(data)) == expected


@pytest.mark.parametrize("wrap", [b3dm, i3dm, cmpt, lambda model: cmpt(b3dm(model), cmpt(i3dm(model)))])
def test_wrapped_models_have_the_same(wrap) -> None:  # type: ignore[no-untyped-def]
    model = glb(triangle(["a.png"]))
    assert set(references(wrap(model))) == {("a.png", Kind.IMAGE)}


def test_an_instanced_model_may_lie_elsewhere() -> None:
    assert references(i3dm("../models/tree.glb")) == [("../models/tree.glb", Kind.MODEL)]
    new = changed(i3dm("tree.glb?s=12345"), local)
    assert new is not None and references(new) == [("tree.glb", Kind.MODEL)]
    assert len(new) % 8 == 0 and struct.unpack_from("<I", new, 8) == (len(new),)


def test_binary_gltf_1_is_read_and_written() -> None:
    text = b'{"images":{"x":{"uri":"a.png?s=1"}},"buffers":{"binary_glTF":{"uri":"data:,"}}}'
    old = struct.pack("<4s4I", b"glTF", 1, 20 + len(text) + 36, len(text), 0) + text + POSITIONS
    assert set(references(old)) == {("a.png?s=1", Kind.IMAGE), ("data:,", Kind.DATA)}
    new = changed(old, local)
    assert new is not None and new.endswith(POSITIONS)
    assert ("a.png", Kind.IMAGE) in references(new)


def test_what_needs_no_change_is_not_touched() -> None:
    for data in (glb(triangle(["a.png"])), b3dm(glb()), i3dm("a.glb"), cmpt(b3dm(glb())), b"pnts", b"PNG", b""):
        assert changed(data, local) is None


@pytest.mark.parametrize("image", [f"{'x' * length}.png?s=1" for length in range(8)])
def test_a_changed_model_is_laid_out_as_it_should_be(image: str) -> None:
    old = glb(triangle([image]))
    new = changed(old, local)
    assert new is not None
    assert json_of(new) == {**json_of(old), "images": [{"uri": local(image, Kind.IMAGE)}]}
    size = struct.unpack_from("<I", new, 12)[0]
    assert struct.unpack_from("<2I", new, 20 + size) == (36, 0x004E4942)
    assert new[28 + size :] == POSITIONS
    assert changed(new, local) is None

    batched = changed(b3dm(old), local)
    assert batched is not None and len(batched) % 8 == 0
    assert struct.unpack_from("<3I", batched, 4) == (1, len(batched), 20)
    assert batched[:8] == b3dm(old)[:8] and batched[28:48] == b3dm(old)[28:48]
    assert batched[48 : 48 + len(new)] == new

    both = changed(cmpt(b3dm(old), b3dm(glb())), local)
    assert both is not None and struct.unpack_from("<2I", both, 8) == (len(both), 2)
    assert part(both, 16) == batched
    assert part(both, 16 + len(batched)) == b3dm(glb())


@pytest.mark.parametrize("wrap", [glb, lambda: b3dm(glb()), lambda: i3dm(glb()), lambda: cmpt(b3dm(glb()))])
def test_what_is_cut_short_is_said(wrap) -> None:  # type: ignore[no-untyped-def]
    whole = wrap()
    for size in (4, 8, 11, 15, 19, 30, len(whole) // 2, len(whole) - 1):
        with pytest.raises(ValueError, match=r"^it .*(cut short|JSON)$"):
            references(whole[:size])


def test_what_is_nested_too_deep_is_said() -> None:
    nested = b3dm(glb())
    for _ in range(1000):
        nested = cmpt(nested)
    with pytest.raises(ValueError, match="nested too deep"):
        references(nested)
    deep = '{"asset":{},"extras":' + "[" * 5000 + "]" * 5000 + "}"
    with pytest.raises(ValueError, match="nested too deep"):
        references(deep.encode())


def test_a_composite_that_lies_about_its_tiles_ends() -> None:
    lying = bytearray(cmpt(b3dm(glb())))
    struct.pack_into("<I", lying, 12, 2**32 - 1)
    with pytest.raises(ValueError, match="cut short"):
        references(bytes(lying))


START = st.sampled_from([b"glTF", b"b3dm", b"i3dm", b"cmpt", b"{", b'{"asset":{},'])
NUMBER = st.integers(0, 64) | st.sampled_from([0x4E4F534A, 2**31, 2**32 - 1])


@settings(max_examples=300)
@given(START, st.lists(NUMBER, max_size=8), st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_in_words(start: bytes, numbers: list[int], rest: bytes) -> None:
    data = start + struct.pack(f"<{len(numbers)}I", *numbers) + rest
    try:
        assert all(isinstance(uri, str) for uri, _ in references(data))
    except ValueError as refusal:
        assert str(refusal).startswith("it ")
