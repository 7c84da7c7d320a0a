package dev.channels.it;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** The other half of the tests that need a server; one JVM runs each, at the same time. */
@Suite
@SelectPackages({"dev.channels.demo", "dev.channels.it"})
@IncludeClassNamePatterns(".*\\.[M-Z]\\w*(?<!Broker)IT")
public class ServerTestsMToZ {}
