// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { DisputesCase } from "./DisputesCase.sol";

/// @title A dispute that the watcher has opened.
abstract contract OpenedCase is DisputesCase {
    uint256 internal disputeId;

    function setUp() public virtual override {
        super.setUp();
        disputeId = openByWatcher(1, submitted());
    }
}
