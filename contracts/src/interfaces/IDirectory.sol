// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Which contract serves which name, under which version and hash of the event catalog.
interface IDirectory {
    event ContractRegistered(
        bytes32 indexed name, address indexed location, uint32 catalogVersion, bytes32 catalogHash
    );
}
