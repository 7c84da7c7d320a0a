package dev.channels.demo;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The REST resources of the demo. */
@ApplicationPath("api")
public class DemoApplication extends Application {}
