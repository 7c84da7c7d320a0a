package dev.channels.it.browser;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Sits at the root, where it hides the static resources of all JARs. */
@ApplicationPath("/")
public class RootApplication extends Application {}
