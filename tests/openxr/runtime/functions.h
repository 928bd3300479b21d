/* Every call of OpenXR that the runtime knows. */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#define FUNCTIONS(X)                                                                                                 \
    X(EnumerateInstanceExtensionProperties) X(CreateInstance) X(DestroyInstance) X(GetInstanceProperties)            \
    X(GetSystem) X(GetSystemProperties) X(EnumerateEnvironmentBlendModes) X(PollEvent) X(ResultToString)             \
    X(StructureTypeToString) X(StringToPath) X(PathToString) X(EnumerateViewConfigurations)                          \
    X(GetViewConfigurationProperties) X(EnumerateViewConfigurationViews) X(GetOpenGLGraphicsRequirementsKHR)         \
    X(CreateSession) X(DestroySession) X(BeginSession) X(EndSession) X(RequestExitSession) X(WaitFrame)              \
    X(BeginFrame) X(EndFrame) X(LocateViews) X(EnumerateReferenceSpaces) X(CreateReferenceSpace)                     \
    X(GetReferenceSpaceBoundsRect) X(CreateActionSpace) X(LocateSpace) X(DestroySpace) X(EnumerateSwapchainFormats)  \
    X(CreateSwapchain) X(DestroySwapchain) X(EnumerateSwapchainImages) X(AcquireSwapchainImage)                      \
    X(WaitSwapchainImage) X(ReleaseSwapchainImage) X(CreateActionSet) X(DestroyActionSet) X(CreateAction)            \
    X(DestroyAction) X(SuggestInteractionProfileBindings) X(AttachSessionActionSets)                                 \
    X(GetCurrentInteractionProfile) X(SyncActions) X(GetActionStateBoolean) X(GetActionStateFloat)                   \
    X(GetActionStateVector2f) X(GetActionStatePose) X(EnumerateBoundSourcesForAction) X(GetInputSourceLocalizedName) \
    X(ApplyHapticFeedback) X(StopHapticFeedback) X(CreateHandTrackerEXT) X(DestroyHandTrackerEXT)                    \
    X(LocateHandJointsEXT) X(GetVisibilityMaskKHR) X(EnumerateDisplayRefreshRatesFB) X(GetDisplayRefreshRateFB)      \
    X(RequestDisplayRefreshRateFB)

#endif
