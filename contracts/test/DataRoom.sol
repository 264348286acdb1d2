// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { DataLeases } from "../src/court/DataLeases.sol";
import { Accounts, Pledge } from "../src/libraries/Accounts.sol";
import { Courtroom } from "./Courtroom.sol";
import { vm } from "./Vm.sol";

/// @title A court with a dataset, its owner, and somebody who wants it.
abstract contract DataRoom is Courtroom {
    bytes32 internal constant NAME = "weather";
    bytes32 internal constant MANIFEST = keccak256("manifest");

    DataLeases internal data;
    address internal dataOwner;
    address internal grantee;
    uint256 internal dataOwnerId;
    uint256 internal granteeId;
    bytes32 internal datasetId;

    function setUp() public virtual override {
        super.setUp();
        data = DataLeases(wiring.dataLeases);
        dataOwner = person("data owner");
        grantee = person("grantee");
        fund(dataOwner, RICH);
        fund(grantee, RICH);
        dataOwnerId = newAgent(dataOwner, 0);
        granteeId = newAgent(grantee, 0);
        vm.prank(dataOwner);
        datasetId = data.setManifest(dataOwnerId, NAME, MANIFEST, "ipfs://manifest");
    }

    function requested(uint256 price, uint64 ttl) internal returns (uint256 leaseId) {
        return requested(price, 2_000, ttl);
    }

    function requested(uint256 price, uint16 leastBps, uint64 ttl) internal returns (uint256 leaseId) {
        uint64 until = uint64(block.timestamp + 1 days);
        bytes32 manifest = data.datasetOf(datasetId).manifestHash;
        vm.prank(grantee);
        return data.request(datasetId, granteeId, manifest, keccak256("purpose"), price, leastBps, ttl, until);
    }

    function granted(uint256 price, uint64 ttl) internal returns (uint256 leaseId) {
        leaseId = requested(price, ttl);
        grantIt(leaseId);
    }

    function grantIt(uint256 leaseId) internal {
        vm.prank(dataOwner);
        data.grant(leaseId);
    }

    function askRenewal(uint256 leaseId, uint256 price, uint64 ttl) internal {
        uint64 until = uint64(block.timestamp + 1 days);
        vm.prank(grantee);
        data.requestRenewal(leaseId, price, ttl, until);
    }

    function openBreach(uint256 leaseId) internal returns (uint256 disputeId) {
        vm.prank(dataOwner);
        return court.open(5, leaseId, dataOwnerId, CLAIM);
    }

    function depositOf(uint256 leaseId) internal view returns (uint256) {
        return balance(Accounts.atRisk(Pledge.LEASE_DEPOSIT, leaseId));
    }
}
