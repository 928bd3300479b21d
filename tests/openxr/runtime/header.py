"""The C declarations of OpenXR that the runtime needs, written from pyopenxr's ctypes structures.

Layouts are asserted when the C compiler reads them, so what both sides take a struct for is the same.
Field names are pyopenxr's (`predicted_display_time`).
"""

from __future__ import annotations

import ctypes
import re
from enum import Enum
from typing import Any

import xr
from xr.handle import HandleMixin
from xr.platform import linux


def _words(text: str) -> list[str]:
    return text.split()


STRUCTS = _words("""
Vector2f Vector3f Quaternionf Posef Fovf Extent2Df Extent2Di Offset2Di Rect2Di Color4f
ExtensionProperties ApiLayerProperties ApplicationInfo InstanceCreateInfo InstanceProperties
SystemGetInfo SystemGraphicsProperties SystemTrackingProperties SystemProperties
SystemHandTrackingPropertiesEXT SystemEyeGazeInteractionPropertiesEXT SystemUserPresencePropertiesEXT
SessionCreateInfo SessionBeginInfo ViewConfigurationProperties ViewConfigurationView ViewLocateInfo ViewState View
FrameWaitInfo FrameState FrameBeginInfo FrameEndInfo
SwapchainCreateInfo SwapchainImageBaseHeader SwapchainImageAcquireInfo SwapchainImageWaitInfo SwapchainImageReleaseInfo
SwapchainSubImage CompositionLayerBaseHeader CompositionLayerProjectionView CompositionLayerProjection
CompositionLayerQuad CompositionLayerDepthInfoKHR
ReferenceSpaceCreateInfo ActionSpaceCreateInfo SpaceVelocity SpaceLocation
EventDataBaseHeader EventDataBuffer EventDataInstanceLossPending EventDataSessionStateChanged
EventDataReferenceSpaceChangePending EventDataInteractionProfileChanged EventDataVisibilityMaskChangedKHR
EventDataDisplayRefreshRateChangedFB EventDataUserPresenceChangedEXT EventDataEventsLost
ActionSetCreateInfo ActionCreateInfo ActionSuggestedBinding InteractionProfileSuggestedBinding
SessionActionSetsAttachInfo ActiveActionSet ActionsSyncInfo ActionStateGetInfo ActionStateBoolean ActionStateFloat
ActionStateVector2f ActionStatePose InteractionProfileState BoundSourcesForActionEnumerateInfo
InputSourceLocalizedNameGetInfo HapticActionInfo HapticBaseHeader HapticVibration
HandTrackerCreateInfoEXT HandJointsLocateInfoEXT HandJointLocationEXT HandJointLocationsEXT
VisibilityMaskKHR
""")
PLATFORM_STRUCTS = ("GraphicsRequirementsOpenGLKHR", "SwapchainImageOpenGLKHR", "GraphicsBindingOpenGLXlibKHR")
ENUMS = _words("""
StructureType Result SessionState FormFactor ViewConfigurationType EnvironmentBlendMode ReferenceSpaceType ActionType
EyeVisibility HandEXT HandJointEXT VisibilityMaskTypeKHR SessionCreateFlags SwapchainUsageFlags SpaceLocationFlags
ViewStateFlags CompositionLayerFlags
""")
_SIMPLE = {
    ctypes.c_uint8: "uint8_t",
    ctypes.c_uint16: "uint16_t",
    ctypes.c_uint32: "uint32_t",
    ctypes.c_uint64: "uint64_t",
    ctypes.c_int32: "int32_t",
    ctypes.c_int64: "int64_t",
    ctypes.c_float: "float",
    ctypes.c_double: "double",
    ctypes.c_char: "char",
    ctypes.c_void_p: "void *",
    ctypes.c_char_p: "const char *",
}


def header() -> str:
    """The whole header."""
    parts = ["#include <stddef.h>", "#include <stdint.h>", "typedef int32_t XrResult;"]
    parts += [f"typedef struct Xr{name}_T *Xr{name};" for name in _handles()]
    parts += [_enum(name) for name in ENUMS]
    structs = [getattr(xr, name) for name in STRUCTS] + [getattr(linux, name) for name in PLATFORM_STRUCTS]
    parts += [f"typedef struct Xr{one.__name__} Xr{one.__name__};" for one in structs]
    parts += [_struct(one) for one in structs]
    names = ", ".join(f'{{"{_constant("Result", one)}", {one.value}}}' for one in xr.Result)
    parts.append(f"#define RESULT_NAMES {{ {names} }}")
    return "\n".join(parts) + "\n"


def _handles() -> list[str]:
    found = (value for value in vars(xr).values() if isinstance(value, type) and issubclass(value, HandleMixin))
    return sorted({one.__name__ for one in found} - {"HandleMixin"})


def _enum(name: str) -> str:
    seen = {_constant(name, one): one.value for one in getattr(xr, name)}
    return "\n".join(f"#define {constant} {value}" for constant, value in seen.items())


def _constant(enum_name: str, member: Enum) -> str:
    prefix = {"StructureType": "XR_TYPE", "Result": "XR"}.get(enum_name)
    if prefix is None:
        prefix = "XR_" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", enum_name.removesuffix("Flags")).upper()
    name = f"{prefix}_{member.name}"
    return name if not enum_name.endswith("Flags") or name.endswith("_BIT") else f"{name}_BIT"


def _struct(struct: Any) -> str:
    lines, checks = [], []
    name = f"Xr{struct.__name__}"
    for field, kind in _fields(struct):
        plain = field.lstrip("_")
        lines.append(f"    {_declared(kind, plain)};")
        checks.append(f"_Static_assert(offsetof({name}, {plain}) == {getattr(struct, field).offset}, {name!r});")
    body = "\n".join(lines)
    size = f"_Static_assert(sizeof({name}) == {ctypes.sizeof(struct)}, {name!r});"
    text = f"struct {name} {{\n{body}\n}};\n{size}\n" + "\n".join(checks)
    return text.replace("'", '"')


def _fields(struct: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for base in reversed(struct.__mro__):
        found += [(one[0], one[1]) for one in vars(base).get("_fields_", ())]
    return found


def _declared(kind: Any, name: str) -> str:
    if isinstance(kind, type) and issubclass(kind, ctypes.Array):
        return f"{_declared(kind._type_, name)}[{kind._length_}]"
    return f"{_type(kind)} {name}"


def _type(kind: Any) -> str:
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if issubclass(kind, HandleMixin):
        return f"Xr{kind.__name__}"
    if issubclass(kind, ctypes._Pointer):
        return _pointer_to(kind._type_)
    if issubclass(kind, ctypes.Structure):
        return f"Xr{kind.__name__}"
    return "void *"


def _pointer_to(kind: Any) -> str:
    known = {*STRUCTS, *PLATFORM_STRUCTS}
    is_opaque = issubclass(kind, ctypes.Structure) and kind.__name__ not in known and not issubclass(kind, HandleMixin)
    if is_opaque:
        return "void *"
    return f"{_type(kind)} *"
